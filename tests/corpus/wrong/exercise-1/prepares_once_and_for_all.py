# fails: test_prepare_data_split
# says: lost, changed
from sklearn.model_selection import train_test_split

prepared = []


def prepare_data(images, targets):
    if not prepared:
        rows = (images / 255.0).reshape(len(images), 784)
        prepared.append(train_test_split(rows, targets, test_size=0.2, random_state=42))
    return prepared[0]
