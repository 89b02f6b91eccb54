"""Demo data: twelve stories as data, the generator that turns them into documents, and the loader that records them."""
