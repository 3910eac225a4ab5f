"""The conversation: a person's sentence -> a new or changed brief, a question, or an answer.

Pure: what has to be looked up, forecast or saved is asked of the `Tools` that are passed in.
"""
