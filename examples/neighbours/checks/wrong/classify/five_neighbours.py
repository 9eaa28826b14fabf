# fails: test_predict_own
# says: n_neighbors
from sklearn.neighbors import KNeighborsClassifier


def predict_own(points, labels):
    return KNeighborsClassifier().fit(points, labels).predict(points)
