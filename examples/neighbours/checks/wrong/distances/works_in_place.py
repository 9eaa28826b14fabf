# fails: test_squared_distances_unchanged
# says: points
def squared_distances(points, query):
    points -= query
    points *= points
    return points.sum(axis=1)
