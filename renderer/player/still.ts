/** A picture in its own size as PNG. @throws when there is no picture */
export async function still(
  source: HTMLVideoElement | HTMLCanvasElement,
  width: number,
  height: number,
): Promise<Blob> {
  const context = new OffscreenCanvas(Math.max(1, width), Math.max(1, height)).getContext('2d');
  if (!context || width === 0 || height === 0) throw new Error('there is no picture');
  context.drawImage(source, 0, 0, width, height);
  return context.canvas.convertToBlob({ type: 'image/png' });
}
