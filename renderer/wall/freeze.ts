/** The picture that is to be seen in an element now, as a canvas that stays as it is; undefined without one. */
export function frozen(place: HTMLElement): HTMLCanvasElement | undefined {
  const surfaces = [...place.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>('video, canvas')];
  const source = surfaces.find(each => each.offsetWidth > 0 && sizeOf(each).width > 1);
  if (!source) return undefined;
  const canvas = document.createElement('canvas');
  const { width, height } = sizeOf(source);
  canvas.width = width;
  canvas.height = height;
  canvas.className = 'review-frozen';
  canvas.style.objectFit = getComputedStyle(source).objectFit;
  try {
    canvas.getContext('2d')?.drawImage(source, 0, 0, width, height);
  } catch {
    return undefined;
  }
  return canvas;
}

function sizeOf(surface: HTMLVideoElement | HTMLCanvasElement): { width: number; height: number } {
  return surface instanceof HTMLVideoElement
    ? { width: surface.readyState >= 2 ? surface.videoWidth : 0, height: surface.videoHeight }
    : { width: surface.width, height: surface.height };
}
