"""A participant on the LiveKit Python SDK, driven by lines on stdin, telling what it sees as JSON lines on stdout.

    peer.py --url URL --token TOKEN [--shape single|dual] [--video vp8|h264|vp9|av1] [--simulcast] [--tone HZ]
            [--speech FILE.wav] [--size 640x360] [--pictures FILE.csv] [--sound FILE.wav]

Commands: "mute video", "unmute audio", "data TEXT", "lossy TEXT", "attributes KEY=VALUE", "unpublish video", "quality low",
"subscribe no", "leave".
--speech loops a mono file of 48 kHz instead of the tone. --pictures writes a line for each picture that came (arrival
and capture time in microseconds of the monotonic clock, width, height), --sound what was to be heard.
"""
import argparse
import asyncio
import json
import math
import sys
import time
import wave

import numpy as np
from livekit import rtc

from picture import Picture, read

RATE = 30
BEGIN = time.monotonic()
QUALITIES = {"low": rtc.VideoQuality.VIDEO_QUALITY_LOW, "medium": rtc.VideoQuality.VIDEO_QUALITY_MEDIUM,
             "high": rtc.VideoQuality.VIDEO_QUALITY_HIGH}
CODECS = {"vp8": rtc.VideoCodec.VP8, "h264": rtc.VideoCodec.H264, "vp9": rtc.VideoCodec.VP9, "av1": rtc.VideoCodec.AV1}


def tell(event, **values):
    print(json.dumps({"event": event, "t": round(time.monotonic() - BEGIN, 4), **values}), flush=True)


def percentile(values, percent):
    return round(float(np.percentile(values, percent)), 2) if values else None


class Watcher:
    """What arrives of one remote participant, told twice a second."""

    def __init__(self, pictures, sound):
        self.tasks = set()
        self.pictures = open(pictures, "w", buffering=1) if pictures else None
        self.sound = wave.open(sound, "wb") if sound else None
        if self.sound:
            self.sound.setparams((1, 2, 48000, 0, "NONE", ""))

    def close(self):
        for file in filter(None, (self.pictures, self.sound)):
            file.close()

    def start(self, track, publication, participant):
        see = self.video if track.kind == rtc.TrackKind.KIND_VIDEO else self.audio
        task = asyncio.create_task(see(track, participant.identity))
        self.tasks.add(task)

    async def video(self, track, identity):
        frames, readable, latency, numbers, told = 0, 0, [], [], time.monotonic()
        async for event in rtc.VideoStream(track, format=rtc.VideoBufferType.I420):
            now = time.monotonic_ns() // 1000
            frame = event.frame
            luma = np.frombuffer(frame.data, np.uint8, count=frame.width * frame.height)
            luma = luma.reshape(frame.height, frame.width)
            frames += 1
            stamp, number = read(luma, 0), read(luma, 1)
            if stamp is not None:
                readable += 1
                latency.append((now - stamp) / 1000)
            if number is not None:
                numbers.append(number)
            if self.pictures:
                self.pictures.write(f"{now},{stamp or ''},{frame.width},{frame.height}\n")
            if frames == 1:
                tell("first_frame", who=identity, kind="video")
            if time.monotonic() - told > 0.5:
                told = time.monotonic()
                missing = numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else None
                tell("video", who=identity, frames=frames, readable=readable, width=frame.width, height=frame.height,
                     latency_ms=percentile(latency, 50), latency_p95_ms=percentile(latency, 95), missing=missing,
                     cpu_s=time.process_time())

    async def audio(self, track, identity):
        samples, window, told = 0, [], time.monotonic()
        async for event in rtc.AudioStream(track, sample_rate=48000, num_channels=1):
            data = np.frombuffer(event.frame.data, np.int16).astype(np.float64)
            samples += len(data)
            if self.sound:
                self.sound.writeframes(event.frame.data)
            window.append(data)
            if time.monotonic() - told > 0.5:
                told = time.monotonic()
                sound = np.concatenate(window)[-9600:]
                window = []
                spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
                tell("audio", who=identity, samples=samples, rms=float(np.sqrt((sound * sound).mean())),
                     frequency=float(spectrum.argmax() * 48000 / len(sound)))


async def show(source, width, height):
    picture, number, due = Picture(width, height), 0, time.monotonic()
    while True:
        picture.draw(number, time.monotonic_ns() // 1000)
        source.capture_frame(rtc.VideoFrame(width, height, rtc.VideoBufferType.I420, picture.store))
        number += 1
        due += 1 / RATE
        await asyncio.sleep(max(0, due - time.monotonic()))


async def hum(source, frequency):
    phase = 0
    while True:
        sound = 0.3 * 32767 * np.sin(2 * math.pi * frequency * (np.arange(480) + phase) / 48000)
        phase += 480
        await source.capture_frame(rtc.AudioFrame(sound.astype(np.int16).tobytes(), 48000, 1, 480))


async def speak(source, path):
    with wave.open(path) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    samples = samples[: len(samples) // 480 * 480].reshape(-1, 480)
    while True:
        for period in samples:
            await source.capture_frame(rtc.AudioFrame(period.tobytes(), 48000, 1, 480))


def remote_videos(room):
    publications = [p for who in room.remote_participants.values() for p in who.track_publications.values()]
    return [p for p in publications if p.kind == rtc.TrackKind.KIND_VIDEO]


async def obey(room, tracks, tasks):
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        word, _, rest = line.partition(" ")
        local = room.local_participant
        if word == "mute":
            tracks[rest][0].mute()
        elif word == "unmute":
            tracks[rest][0].unmute()
        elif word in ("data", "lossy"):
            await local.publish_data(rest.encode(), reliable=word == "data", topic="test")
        elif word == "attributes":
            key, _, value = rest.partition("=")
            await local.set_attributes({key: value})
        elif word == "unpublish":
            await local.unpublish_track(tracks[rest][1].sid)
        elif word == "quality":
            for publication in remote_videos(room):
                publication.set_video_quality(QUALITIES[rest])
        elif word == "subscribe":
            for publication in remote_videos(room):
                publication.set_subscribed(rest == "yes")
        elif word == "leave":
            break
        tell("done", command=line)


def listen(room, watcher):
    room.on("track_subscribed", lambda track, publication, participant: (
        tell("subscribed", who=participant.identity, kind="video" if track.kind == 2 else "audio",
             mime=publication.mime_type, source=int(publication.source)),
        watcher.start(track, publication, participant)))
    room.on("track_unsubscribed", lambda track, publication, participant: tell(
        "unsubscribed", who=participant.identity, kind="video" if track.kind == 2 else "audio"))
    room.on("track_muted", lambda participant, publication: tell(
        "muted", who=participant.identity, kind="video" if publication.kind == 2 else "audio"))
    room.on("track_unmuted", lambda participant, publication: tell(
        "unmuted", who=participant.identity, kind="video" if publication.kind == 2 else "audio"))
    room.on("participant_connected", lambda participant: tell("arrived", who=participant.identity))
    room.on("participant_disconnected", lambda participant: tell("left", who=participant.identity))
    room.on("active_speakers_changed", lambda speakers: tell("speakers", who=[s.identity for s in speakers]))
    room.on("participant_attributes_changed", lambda changed, participant: tell(
        "attributes", who=participant.identity, changed=changed))
    room.on("data_received", lambda packet: tell(
        "data", who=packet.participant.identity if packet.participant else None, text=packet.data.decode(),
        topic=packet.topic, reliable=packet.kind == rtc.DataPacketKind.KIND_RELIABLE))
    room.on("disconnected", lambda reason: tell("disconnected", reason=str(reason)))


async def main(arguments):
    room, watcher, tracks, tasks = rtc.Room(), Watcher(arguments.pictures, arguments.sound), {}, []
    listen(room, watcher)
    shape = {"single": True, "dual": False}[arguments.shape]
    tell("connecting")
    await room.connect(arguments.url, arguments.token, rtc.RoomOptions(single_peer_connection=shape))
    tell("joined", identity=room.local_participant.identity, others=list(room.remote_participants))
    if arguments.tone or arguments.speech:
        source = rtc.AudioSource(48000, 1, queue_size_ms=100)
        track = rtc.LocalAudioTrack.create_audio_track("microphone", source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        tracks["audio"] = (track, await room.local_participant.publish_track(track, options))
        sound = speak(source, arguments.speech) if arguments.speech else hum(source, arguments.tone)
        tasks.append(asyncio.create_task(sound))
    if arguments.video:
        width, height = map(int, arguments.size.split("x"))
        source = rtc.VideoSource(width, height)
        track = rtc.LocalVideoTrack.create_video_track("camera", source)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=arguments.simulcast, video_codec=CODECS[arguments.video])
        tracks["video"] = (track, await room.local_participant.publish_track(track, options))
        tasks.append(asyncio.create_task(show(source, width, height)))
    tell("published", tracks=list(tracks))
    await obey(room, tracks, tasks)
    await room.disconnect()
    watcher.close()
    tell("gone")


parser = argparse.ArgumentParser()
parser.add_argument("--url", required=True)
parser.add_argument("--token", required=True)
parser.add_argument("--shape", choices=["single", "dual"], default="single")
parser.add_argument("--video", choices=list(CODECS))
parser.add_argument("--simulcast", action="store_true")
parser.add_argument("--tone", type=float)
parser.add_argument("--speech")
parser.add_argument("--pictures")
parser.add_argument("--sound")
parser.add_argument("--size", default="640x360")
asyncio.run(main(parser.parse_args()))
