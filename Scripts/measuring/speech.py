"""Spoken sound to send, and how much of its quality arrived (PESQ, ITU-T P.862.2, wide band)."""
import subprocess
import wave

import numpy as np

RATE = 48_000
# Long enough for the measure (P.862 wants 8 s or more) and short enough to be heard several times in a call.
PERIOD = 8
WORDS = ("The quick brown fox jumps over the lazy dog. Please call me back at seven, and bring the blue folder. "
         "Shall we meet in the small room?")


def resample(samples, rate, wanted):
    """By a window of sinc, evaluated where the new samples lie."""
    scale = min(1.0, wanted / rate)
    positions = np.arange(int(len(samples) * wanted / rate)) * rate / wanted
    reach = int(24 / scale)
    nearest = np.floor(positions).astype(int)
    padded = np.pad(samples, reach + 1)
    result = np.zeros(len(positions))
    for offset in range(-reach, reach + 1):
        distance = positions - (nearest + offset)
        window = np.cos(np.pi / 2 * np.clip(distance / (reach + 1), -1, 1)) ** 2
        result += padded[nearest + offset + reach + 1] * np.sinc(distance * scale) * scale * window
    return result


def read_wave(path):
    """Mono samples in -1...1 and the rate. The length in the header is not trusted: a recorder may still be writing."""
    with wave.open(path) as file:
        rate, channels = file.getframerate(), file.getnchannels()
    data = np.fromfile(path, np.int16, offset=44)
    return data[: len(data) // channels * channels].reshape(-1, channels)[:, 0] / 32_768, rate


def write_speech(path):
    """One period of speech and silence, to be looped."""
    subprocess.run(["espeak-ng", "-s", "165", "-w", path, WORDS], check=True)
    spoken = resample(*read_wave(path), RATE)
    period = np.zeros(PERIOD * RATE)
    length = min(len(spoken), len(period) - RATE // 4)
    period[:length] = spoken[:length] / np.abs(spoken).max() * 0.5
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((period * 32_767).astype(np.int16).tobytes())


def quality(reference_path, recording_path):
    """Mean PESQ of the whole periods in a recording of the looped reference; None when there is no whole one."""
    from pesq import PesqError, pesq

    reference, recording = (resample(*read_wave(path), 16_000) for path in (reference_path, recording_path))
    scores, length = [], len(reference)
    start = find(recording[: 2 * length], reference)
    while start is not None and start + length <= len(recording):
        try:
            scores.append(pesq(16_000, reference, recording[start : start + length], "wb"))
        except PesqError:
            scores.append(1.0)
        # The next period is where it should be, or later by what the buffer has put in.
        margin = 16_000
        begin = start + length - margin
        found = find(recording[begin : begin + length + 2 * margin], reference)
        start = begin + found if found is not None else None
    return float(np.mean(scores)) if scores else None


def find(recording, reference):
    """Where in a recording the reference begins, by correlation."""
    if len(recording) < len(reference):
        return None
    size = 1 << (len(recording) + len(reference) - 1).bit_length()
    spectrum = np.fft.rfft(recording, size) * np.conj(np.fft.rfft(reference, size))
    correlation = np.fft.irfft(spectrum, size)[: len(recording) - len(reference) + 1]
    return int(correlation.argmax())
