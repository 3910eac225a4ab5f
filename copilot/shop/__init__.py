"""What is known of the shop: its export, its customers as of a day, who is meant, and the facts for a brief."""
