"""Facts and rules of deal flow: values, events, deciders.

Nothing here does I/O, reads a clock or makes an id; nothing here imports the rest of the product.
"""
