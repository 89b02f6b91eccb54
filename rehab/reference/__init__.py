"""Clinical reference tables: typed, immutable, loaded once from the CSV files beside this module.

Nothing here imports Django, reads the clock or touches a patient. Limits named ``hard_*`` are wide limits for
checking input; they are not norms.
"""
