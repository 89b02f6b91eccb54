"""The floor: the same table served by stock DRF, as its tutorial would write it."""
