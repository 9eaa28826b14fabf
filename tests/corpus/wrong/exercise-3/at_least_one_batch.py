# fails: test_batches_per_epoch_zero
# says: No samples make no batch
def batches_per_epoch(samples, batch_size=32):
    return max(1, -(-samples // batch_size))
