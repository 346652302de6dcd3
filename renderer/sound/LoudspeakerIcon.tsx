export function LoudspeakerIcon({ silent }: { silent: boolean }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="icon">
      <path d="M2.5 6v4h2.6l3.4 3V3L5.1 6z" fill="currentColor" />
      {silent ? (
        <path d="M11 6l3.5 4M14.5 6L11 10" />
      ) : (
        <path d="M10.8 5.6a3.4 3.4 0 0 1 0 4.8M12.7 3.8a6 6 0 0 1 0 8.4" />
      )}
    </svg>
  );
}
