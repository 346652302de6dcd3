/** A camera that takes stills. */
export function CameraIcon() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path d="M1.8 5.2h3L6 3.4h4l1.2 1.8h3v7.6H1.8z" />
      <circle cx="8" cy="8.8" r="2.3" />
    </svg>
  );
}
