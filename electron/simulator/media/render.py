#!/usr/bin/env python3
"""Makes every file in this folder that is not source. Needs povray, ffmpeg with libx264, python3 with numpy and Pillow,
and the fonts DejaVu Sans Mono and Noto Sans CJK.

  render.py frames WORK [PLACE-EYE ...]   ray-trace the frames of each scene into WORK/PLACE-EYE/
  render.py clips WORK [PLACE-EYE ...]    encode them, main and sub stream
  render.py fonts                         the glyphs of the burned-in caption
  render.py stills                        a JPEG of each clip's first picture, its caption's rows from the backdrop

A clip is encoded with one slice per band of macroblock rows. The band of the caption is filled with noise while encoding,
so that no motion vector points into it, and its slices are then left out: whoever plays the clip writes them anew.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).resolve().parent
PLACES = {'city-day': 1, 'motorway-dusk': 2, 'city-night': 3}
EYES = {'front': 1, 'cabin': 2, 'left': 3, 'rear': 4}
# Not traced but graded from another scene of the same camera.
GRADED = {'motorway-dusk-cabin': 'city-day-cabin', 'city-night-left': 'city-day-left', 'city-night-rear': 'city-day-rear'}
FRAMES, RATE, GROUP, SLICES = 120, 15, 30, 18
WIDTH, HEIGHT = 704, 576
# size, first macroblock row of the caption, its rows, bytes a clip may have
STREAMS = {'main': (704, 576, 4, 2, 520_000), 'sub': (352, 288, 2, 1, 190_000)}

DAY = 'eq=contrast=1.1:saturation=1.18:gamma=1.06'
GRADES = {
    'city-day': DAY,
    'motorway-dusk': 'eq=contrast=1.1:saturation=1.15:gamma=1.08',
    'city-night': 'eq=contrast=1.08:saturation=1.1:gamma=1.05',
    'city-night-cabin': 'hue=s=0,eq=contrast=1.25:gamma=1.25:brightness=0.02',
    'motorway-dusk-cabin': "eq=contrast=1.05:saturation=0.9:gamma=0.72,colorbalance=rs=0.06:rm=0.06:bm=-0.07:bh=-0.06",
    'city-night-left': "eq=contrast=1.15:saturation=0.35:gamma=0.42,colorbalance=rm=0.05:bm=-0.05:bs=0.03",
    'city-night-rear': "eq=contrast=1.15:saturation=0.35:gamma=0.42,colorbalance=rm=0.05:bm=-0.05:bs=0.03",
}
LENS = 'lenscorrection=k1=-0.06:k2=0.004:i=bilinear,vignette=angle=PI/7'


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, **more)


def trace(work, scene):
    place, eye = scene.rsplit('-', 1)
    out = work / scene
    out.mkdir(parents=True, exist_ok=True)
    run('povray', '-D', '-GA', f'-W{WIDTH}', f'-H{HEIGHT}', '+A0.3', '+KFI0', f'+KFF{FRAMES - 1}', '+KC',
        f'Declare=Place={PLACES[place]}', f'Declare=Eye={EYES[eye]}', f'+L{HERE}', f'+I{HERE / "scene.pov"}', f'+O{out}/f.png',
        stderr=subprocess.DEVNULL)


def shade(eye):
    """What hangs into the picture from above: the tinted band of a windscreen, the hood of an outside camera."""
    y = np.arange(HEIGHT)[:, None] * np.ones((1, WIDTH))
    x = (np.arange(WIDTH)[None, :] - WIDTH / 2) / (WIDTH / 2) * np.ones((HEIGHT, 1))
    if eye == 'front':
        edge, soft, colour, most = 104 + 10 * x * x, 44.0, (13, 28, 31), 0.965
    elif eye == 'cabin':
        return None
    else:
        edge, soft, colour, most = 100 + 26 * x * x, 12.0, (15, 15, 17), 1.0
    alpha = most * np.clip((edge - y) / soft + 0.5, 0, 1)
    glow = np.clip(y / 110, 0, 1)[..., None] * np.array([5, 8, 9])
    rgb = np.broadcast_to(np.array(colour), (HEIGHT, WIDTH, 3)) + glow
    return Image.fromarray(np.dstack([rgb, alpha * 255]).astype(np.uint8), 'RGBA')


def graded(work, scene):
    """All frames of a scene as they should look, RGB."""
    place, eye = scene.rsplit('-', 1)
    source = work / GRADED.get(scene, scene)
    grade = GRADES.get(scene, GRADES[place])
    raw = run('ffmpeg', '-v', 'error', '-framerate', RATE, '-i', source / 'f%03d.png', '-vf', f'scale={WIDTH}:{HEIGHT}:flags=lanczos,{LENS},{grade},format=rgb24',
              '-f', 'rawvideo', '-', stdout=subprocess.PIPE).stdout
    frames = np.frombuffer(raw, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(np.float32)
    over = shade(eye)
    if over is not None:
        mask = np.asarray(over, np.float32)
        alpha = mask[..., 3:] / 255
        frames = frames * (1 - alpha) + mask[..., :3] * alpha
    # A sensor's grain, so that flat walls do not look drawn.
    grain = np.random.default_rng(808).normal(0, 1.0, (HEIGHT, WIDTH, 1))
    return np.clip(frames + grain, 0, 255).astype(np.uint8)


def planes(rgb, width, height):
    """One picture as planar 4:2:0, video range."""
    return run('ffmpeg', '-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{WIDTH}x{HEIGHT}', '-i', '-',
               '-vf', f'scale={width}:{height}:flags=lanczos:out_color_matrix=bt601:out_range=tv,format=yuv420p', '-f', 'rawvideo', '-',
               input=rgb.tobytes(), stdout=subprocess.PIPE).stdout


def noise(rows, width, generator):
    """Extremes only; the outermost lines contradict their neighbours, so that no deblocking filter crosses the edge."""
    band = generator.integers(0, 2, (rows, width)) * 219 + 16
    band[1], band[-2] = 251 - band[0], 251 - band[-1]
    return band.astype(np.uint8)


def encode(work, scene):
    frames = graded(work, scene)
    for stream, (width, height, row, rows, budget) in STREAMS.items():
        yuv = np.frombuffer(planes(frames, width, height), np.uint8).reshape(len(frames), height * 3 // 2, width).copy()
        top, tall = row * 16, rows * 16
        flat = yuv.reshape(len(frames), -1)
        luma = flat[:, :width * height].reshape(-1, height, width)
        chroma = [flat[:, width * height * at // 4:width * height * (at + 1) // 4].reshape(-1, height // 2, width // 2) for at in (4, 5)]
        backdrop = b''.join(np.round(plane[:, t:t + h].mean(axis=0)).astype(np.uint8).tobytes()
                            for plane, t, h in [(luma, top, tall)] + [(c, top // 2, tall // 2) for c in chroma])
        generator = np.random.default_rng(1078)
        luma[:, top:top + tall] = noise(tall, width, generator)
        for plane in chroma:
            plane[:, top // 2:top // 2 + tall // 2] = noise(tall // 2, width // 2, generator)
        name = f'{scene}-{stream}'
        good, bad = 45, 19
        while good - bad > 1:
            crf = (good + bad) // 2
            data = x264(flat.tobytes(), width, height, crf)
            trial = without_caption(data, row * (width // 16), (row + rows) * (width // 16))
            if len(trial) <= budget:
                good, clip = crf, trial
            else:
                bad = crf
        (HERE / f'{name}.h264').write_bytes(clip)
        (HERE / f'{name}.backdrop').write_bytes(backdrop)
        print(name, 'crf', good, len(clip), 'bytes', round(len(clip) * 8 * RATE / FRAMES / 1000), 'kbit/s', flush=True)


def x264(yuv, width, height, crf):
    options = (f'keyint={GROUP}:min-keyint={GROUP}:scenecut=0:bframes=0:ref=1:slices={SLICES}:cabac=0:8x8dct=0:weightp=0:'
               'open-gop=0:repeat-headers=1:rc-lookahead=0:mbtree=0:aq-mode=1:merange=24:sync-lookahead=0:threads=1')
    return run('ffmpeg', '-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', f'{width}x{height}', '-framerate', RATE,
               '-i', '-', '-c:v', 'libx264', '-profile:v', 'baseline', '-preset', 'medium', '-crf', crf, '-x264-params', options,
               '-f', 'h264', '-', input=yuv, stdout=subprocess.PIPE).stdout


def without_caption(data, first, behind):
    """Drops the slices of the macroblocks from `first` to before `behind`, and x264's own remarks (SEI)."""
    out = []
    frame_num_bits = frame_num_length(data)
    for nal in nal_units(data):
        kind = nal[0] & 31
        if kind == 6:
            continue
        if kind in (1, 5):
            bits = Bits(unescape(nal[1:]))
            at = bits.unsigned()
            if first <= at < behind:
                continue
            if at == behind:
                nal = nal[:1] + escape(bits.unfiltered_above(kind == 5, frame_num_bits))
        out.append(b'\0\0\0\1' + nal)
    return b''.join(out)


def nal_units(data):
    at, starts = 0, []
    while (at := data.find(b'\0\0\1', at)) >= 0:
        starts.append(at + 3)
        at += 3
    for from_, to in zip(starts, [start - 3 for start in starts[1:]] + [len(data)]):
        yield data[from_:to].rstrip(b'\0')


def unescape(nal):
    return nal.replace(b'\0\0\3', b'\0\0')


def escape(payload):
    out, zeros = bytearray(), 0
    for byte in payload:
        if zeros >= 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


class Bits:
    """A slice without its NAL header, as text of ones and zeros. Field lengths are those x264 chooses here."""
    def __init__(self, payload):
        self.text = bin(int.from_bytes(b'\1' + payload, 'big'))[3:]
        self.at = 0

    def unsigned(self):
        zeros = self.text.index('1', self.at) - self.at
        value = int(self.text[self.at + zeros:self.at + 2 * zeros + 1], 2) - 1
        self.at += 2 * zeros + 1
        return value

    def unfiltered_above(self, idr, frame_num_bits):
        """disable_deblocking_filter_idc 0 → 2: the caption above this slice is not what the encoder saw."""
        self.unsigned()
        self.unsigned()
        self.at += frame_num_bits
        if idr:
            self.unsigned()
            self.at += 2
        else:
            if self.text[self.at] == '1':
                self.at += 1
                self.unsigned()
            else:
                self.at += 1
            assert self.text[self.at] == '0'
            self.at += 2
        self.unsigned()
        assert self.text[self.at] == '1', 'the clip is not deblocked'
        text = self.text[:self.text.rindex('1')]
        text = text[:self.at] + '011' + text[self.at + 1:] + '1'
        text += '0' * (-len(text) % 8)
        return int('1' + text, 2).to_bytes(len(text) // 8 + 1, 'big')[1:]


def frame_num_length(data):
    sps = next(nal for nal in nal_units(data) if nal[0] & 31 == 7)
    bits = Bits(unescape(sps[4:]))
    bits.unsigned()
    return bits.unsigned() + 4


PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'


def fonts():
    letters = ''.join(chr(code) for code in range(0x20, 0x7f)) + '·' + PROVINCES
    for height in (16, 32):
        widths = [height if letter in PROVINCES else height // 2 for letter in letters]
        latin = ImageFont.truetype('/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf', round(height * 0.78))
        chinese = ImageFont.truetype('/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc', round(height * 0.84), index=2)
        body = b''
        for letter, width in zip(letters, widths):
            cell = Image.new('L', (width, height))
            font = chinese if letter in PROVINCES else latin
            ImageDraw.Draw(cell).text((width / 2, height * (0.46 if letter in PROVINCES else 0.80)), letter, 255, font,
                                      anchor='mm' if letter in PROVINCES else 'ms')
            halo = cell.filter(ImageFilter.MaxFilter(3 if height == 16 else 5))
            white, dark = np.asarray(cell, np.uint16) * 15 // 255, np.asarray(halo, np.uint16) * 15 // 255
            body += (white * 16 + dark).astype(np.uint8).tobytes()
        head = json.dumps({'height': height, 'glyphs': letters, 'widths': widths}, ensure_ascii=False)
        (HERE / f'caption-{height}.font').write_bytes(head.encode() + b'\n' + body)


def stills(scene):
    width, height, first, rows, _ = STREAMS['main']
    raw = run('ffmpeg', '-v', 'quiet', '-i', HERE / f'{scene}-main.h264', '-frames:v', 1, '-f', 'rawvideo',
              '-pix_fmt', 'yuv420p', '-', stdout=subprocess.PIPE).stdout
    picture = np.frombuffer(raw, np.uint8).copy()
    behind = np.frombuffer((HERE / f'{scene}-main.backdrop').read_bytes(), np.uint8)
    at, there = 0, 0
    for wide, high, top, band in ((width, height, first * 16, rows * 16), *[(width // 2, height // 2, first * 8, rows * 8)] * 2):
        picture[at + top * wide:at + (top + band) * wide] = behind[there:there + band * wide]
        at, there = at + wide * high, there + band * wide
    run('ffmpeg', '-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', f'{width}x{height}', '-i', '-',
        '-q:v', 9, '-bitexact', HERE / f'{scene}.jpg', input=picture.tobytes())


def main():
    what, *rest = sys.argv[1:] or ['help']
    scenes = rest[1:] or [f'{place}-{eye}' for place in PLACES for eye in EYES]
    if what == 'fonts':
        fonts()
    elif what == 'frames':
        for scene in scenes:
            if scene not in GRADED:
                trace(Path(rest[0]), scene)
    elif what == 'clips':
        for scene in scenes:
            encode(Path(rest[0]), scene)
    elif what == 'stills':
        for scene in scenes:
            stills(scene)
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
