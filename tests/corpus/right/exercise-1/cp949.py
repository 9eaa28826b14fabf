# -*- coding: cp949 -*-
"""데이터 준비하기."""
from sklearn.model_selection import train_test_split

최대값 = 255.0

def scale_pixels(이미지):
    # 픽셀을 0과 1 사이로 바꿉니다
    return 이미지 / 최대값

def flatten_images(이미지):
    장수 = 이미지.shape[0]
    return 이미지.reshape(장수, 28 * 28)

def split_validation(입력, 타깃):
    return tuple(train_test_split(입력, 타깃, test_size=0.2, random_state=42))

def prepare_data(이미지, 타깃):
    return list(split_validation(flatten_images(scale_pixels(이미지)), 타깃))
