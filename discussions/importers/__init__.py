"""Reading files about spaces."""
