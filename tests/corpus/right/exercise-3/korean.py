# note: Korean comments, strings and identifiers
# 밀집층의 파라미터 개수를 계산합니다.


def 가중치_개수(입력, 뉴런):
    """가중치는 입력과 뉴런을 곱한 만큼 있습니다."""
    return 입력 * 뉴런


def dense_parameter_count(입력, 뉴런):
    절편 = 뉴런
    return 가중치_개수(입력, 뉴런) + 절편


def model_parameter_count(층_크기):
    합계 = 0
    for 입력, 뉴런 in zip(층_크기, 층_크기[1:]):
        합계 += dense_parameter_count(입력, 뉴런)
    print("파라미터 개수:", 합계)
    return 합계


def layer_output_shapes(층_크기):
    return [(None, 뉴런) for 뉴런 in 층_크기[1:]]


def batches_per_epoch(샘플, 배치_크기=32):
    return (샘플 + 배치_크기 - 1) // 배치_크기
