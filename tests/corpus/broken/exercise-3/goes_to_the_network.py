# fails: dense_parameter_count
# says: URLError


def dense_parameter_count(inputs, units):
    import urllib.request

    return len(urllib.request.urlopen("http://example.org").read())
