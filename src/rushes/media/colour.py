"""How alike two pictures are in their colours, whatever stands where: for the identity of a character against its
reference.
"""

import numpy as np

from rushes.media.errors import MediaError

Box = tuple[float, float, float, float]  # left, top, right, bottom, as shares of the width and height from the top left

PIXELS = 160  # of the longer side, that a comparison looks at
# Lightness, green to red, blue to yellow: colour counts for more than light, which changes with the weather.
BINS = (6, 14, 14)
REACH = 14.0  # CIE76 distance within which a colour counts as the same


def colour_identity(picture: np.ndarray, reference: np.ndarray, *, box: Box | None = None) -> float:
    """0 (no colour shared) to 1 (the same share of every colour): Bhattacharyya coefficient of soft Lab histograms.

    picture, reference: (H, W, 3 | 4) uint8; where there is transparency only opaque pixels count. box: the part of the
    picture that is compared. Raises MediaError for other arrays and an empty box.
    """
    ours, theirs = _histogram(_pixels(_cropped(picture, box))), _histogram(_pixels(reference))
    return float(np.clip(np.sqrt(ours * theirs).sum(), 0, 1))


def colour_presence(picture: np.ndarray, reference: np.ndarray, *, least: float = 0.002) -> float:
    """0 to 1: the share of the reference's colours that appear in the picture, on at least a `least` share of its area.

    Unlike `colour_identity` it does not mind what else is in the picture, so it finds a small subject in front of a
    set.
    """
    ours, theirs = _pixels(picture), _pixels(reference)
    centres, weights = _palette(theirs)
    near = np.zeros(len(centres))
    for index, centre in enumerate(centres):
        near[index] = (((ours - centre) ** 2).sum(axis=1) < REACH**2).mean()
    # A colour that takes a tenth of the reference needs only a tenth of the area that the whole subject needs.
    return float((weights * np.minimum(1.0, near / (least * np.maximum(weights, 0.05)))).sum())


def lab(pixels: np.ndarray) -> np.ndarray:
    """(..., 3) uint8 sRGB -> (..., 3) float32 CIE L* 0..100, a*, b* under D65 (IEC 61966-2-1, CIE 15)."""
    share = np.arange(256, dtype=np.float32) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)[pixels]
    matrix = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = linear @ (matrix / np.array([0.95047, 1.0, 1.08883])[:, None]).T.astype(np.float32)
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


def _cropped(picture: np.ndarray, box: Box | None) -> np.ndarray:
    if box is None:
        return picture
    height, width = picture.shape[:2]
    left, top, right, bottom = (float(np.clip(side, 0, 1)) for side in box)
    part = picture[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    if not part.size:
        raise MediaError(f"box {box} holds no pixel; give left < right and top < bottom as shares from 0 to 1")
    return part


def _pixels(picture: np.ndarray) -> np.ndarray:
    """(N, 3) float32 Lab of the opaque pixels, of a smaller picture."""
    if picture.ndim != 3 or picture.shape[2] not in (3, 4) or picture.dtype != np.uint8 or not picture.size:
        raise MediaError(f"a picture is {picture.shape} {picture.dtype}; give (H, W, 3) or (H, W, 4) uint8")
    step = max(1, -(-max(picture.shape[:2]) // PIXELS))
    small = picture[step // 2 :: step, step // 2 :: step]
    small = small if small.size else picture[:1, :1]
    flat = small[..., :3].reshape(-1, 3)
    if small.shape[2] == 4 and (small[..., 3] > 127).any():
        flat = small[..., :3][small[..., 3] > 127]
    return lab(flat)


def _histogram(pixels: np.ndarray) -> np.ndarray:
    """BINS float64 that sums to 1, smoothed over neighbouring bins, so that a shade's difference is no difference in
    kind.
    """
    low, high = (0, -90, -90), (100, 100, 100)
    counts, _ = np.histogramdd(np.clip(pixels, low, high), bins=BINS, range=list(zip(low, high, strict=True)))
    for axis in range(3):
        padded = np.pad(counts, [(1, 1) if a == axis else (0, 0) for a in range(3)], mode="edge")
        low_side, middle, high_side = (np.take(padded, np.arange(BINS[axis]) + shift, axis=axis) for shift in (0, 1, 2))
        counts = 0.25 * low_side + 0.5 * middle + 0.25 * high_side
    return counts / counts.sum()


def _palette(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K, 3) colours of the reference and (K,) their shares, without those of less than 3%."""
    cell = 16.0
    keys, index, counts = np.unique(
        np.floor(pixels / cell).astype(int), axis=0, return_inverse=True, return_counts=True
    )
    centres = np.stack(
        [np.bincount(index.ravel(), weights=pixels[:, c], minlength=len(keys)) / counts for c in range(3)], axis=1
    )
    kept = counts >= min(0.03 * len(pixels), counts.max())
    return centres[kept], counts[kept] / counts[kept].sum()
