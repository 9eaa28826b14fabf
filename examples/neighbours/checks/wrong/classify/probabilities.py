# fails: test_predict_own_shape
from sklearn.neighbors import KNeighborsClassifier


def predict_own(points, labels):
    return KNeighborsClassifier(n_neighbors=3).fit(points, labels).predict_proba(points)
