"""What is known of the shop: its export, its customers as of a day, who is meant, facts for a brief."""
