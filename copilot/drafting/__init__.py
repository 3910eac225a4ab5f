"""Who writes: a language model on a leash, or the built-in planner. `agent.write_drafts` is the way in."""
