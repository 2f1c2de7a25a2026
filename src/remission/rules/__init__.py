"""Medicine as data: risk protocols, gradings and scores, answered in three-valued logic and explained."""
