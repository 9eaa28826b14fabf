# fails: test_relu_values
# says: The fractions are lost
import numpy as np

relu = np.vectorize(lambda value: max(0, value), otypes=[int])
