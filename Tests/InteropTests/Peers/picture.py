"""The test picture of roomclient's `--camera pattern`, drawn and read by numpy.

80 x 45 cells carry two rows of blocks: row 0 the capture time (CLOCK_MONOTONIC, microseconds), row 1 the frame
number. Below them still colour bars, a bouncing square and a scrolling strip, so that an encoder has about the same
work with either program's picture.
"""
import numpy as np

SYNC = [1, 0, 1, 0, 1, 1, 0, 0]
# Y, U, V of the bars, left to right: grey, yellow, cyan, green, magenta, red, blue at three quarters.
BARS = [(180, 128, 128), (162, 44, 142), (131, 156, 44), (112, 72, 58), (84, 184, 198), (65, 100, 212), (35, 212, 114)]


def row_of(value):
    data = int(value).to_bytes(8, "big")
    check = 0
    for byte in data:
        check ^= byte
    bits = np.unpackbits(np.frombuffer(data + bytes([check]), np.uint8))
    return np.concatenate([np.array(SYNC, np.uint8), bits])


def burn(luma, row, value):
    cell = luma.shape[1] // 80
    luma[row * cell : (row + 1) * cell, : 80 * cell] = np.where(np.repeat(row_of(value), cell) == 1, 235, 16)


def read(luma, row):
    """The value of a row of cells; None when its sync or check bits are wrong."""
    height, width = luma.shape
    top, bottom = int((row + 0.3) * height / 45), int((row + 0.7) * height / 45) + 1
    centers = ((np.arange(80) + 0.5) * width / 80).astype(int)
    bits = (luma[top:bottom, centers].mean(axis=0) > 125).astype(np.uint8)
    if list(bits[:8]) != SYNC:
        return None
    data = np.packbits(bits[8:]).tobytes()
    check = 0
    for byte in data[:8]:
        check ^= byte
    return int.from_bytes(data[:8], "big") if check == data[8] else None


def bounce(distance, limit):
    position = distance % (2 * limit)
    return position if position <= limit else 2 * limit - position


class Picture:
    """An I420 picture in `store`, drawn anew for each frame."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.store = bytearray(width * height * 3 // 2)
        view = np.frombuffer(self.store, np.uint8)
        self.planes = [
            view[: width * height].reshape(height, width),
            view[width * height : width * height * 5 // 4].reshape(height // 2, width // 2),
            view[width * height * 5 // 4 :].reshape(height // 2, width // 2)]
        self.strip_top = height * 36 // 45
        self.still = [plane.copy() for plane in self.draw_still()]
        columns = np.sin(2 * np.pi * 12 * np.arange(width) / width)
        lines = np.sin(2 * np.pi * 2 * np.arange(height - self.strip_top) / (height - self.strip_top))
        self.texture = np.tile((126 + 90 * np.outer(lines, columns)).astype(np.uint8), (1, 2))

    def draw_still(self):
        luma, blue, red = self.planes
        luma[:], blue[:], red[:] = 16, 128, 128
        for index, (y, u, v) in enumerate(BARS):
            left, right = index * self.width // len(BARS), (index + 1) * self.width // len(BARS)
            self.fill(left, self.height * 2 // 45, right - left, self.height * 29 // 45, (y, u, v))
        bottom = slice(self.height * 31 // 45, self.strip_top)
        luma[bottom] = (16 + 219 * (np.arange(self.width) * 32 // self.width) // 31).astype(np.uint8)
        return self.planes

    def fill(self, x, y, width, height, color):
        self.planes[0][y : y + height, x : x + width] = color[0]
        for plane, value in zip(self.planes[1:], color[1:]):
            plane[y // 2 : (y + height) // 2, x // 2 : (x + width) // 2] = value

    def draw(self, number, microseconds):
        for plane, still in zip(self.planes, self.still):
            np.copyto(plane, still)
        shift = number * max(1, self.width // 320) % self.width
        self.planes[0][self.strip_top :] = self.texture[:, shift : shift + self.width]
        size, top = self.height // 8, self.height * 2 // 45
        x = bounce(number * max(1, self.width // 240), self.width - size)
        y = top + bounce(number * max(1, self.height // 180), self.strip_top - top - size)
        border = size // 10
        self.fill(x, y, size, size, (235, 128, 128))
        self.fill(x + border, y + border, size - 2 * border, size - 2 * border, (95, 112, 210))
        burn(self.planes[0], 1, number)
        burn(self.planes[0], 0, microseconds)
