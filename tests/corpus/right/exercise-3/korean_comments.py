"""파라미터와 배치 차원 — 한국어 주석과 이름."""


def dense_parameter_count(입력수, 뉴런수):
    """가중치와 절편의 개수."""
    가중치 = 입력수 * 뉴런수
    절편 = 뉴런수
    return 가중치 + 절편


def model_parameter_count(층):
    합계 = 0
    for 앞, 뒤 in zip(층[:-1], 층[1:]):
        합계 += dense_parameter_count(앞, 뒤)
    return 합계


def layer_output_shapes(층):
    return [(None, 뉴런수) for 뉴런수 in 층[1:]]


def batches_per_epoch(샘플수, batch_size=32):
    return (샘플수 + batch_size - 1) // batch_size
