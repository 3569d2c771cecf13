"""Rules about staff lists: values in, values out."""
