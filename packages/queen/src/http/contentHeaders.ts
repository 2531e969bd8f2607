/** What a browser may show by itself, if it is kept from doing anything more. */
const shown = /^(text|image|audio|video)\/|^application\/(json|xml|x-ndjson)\b|\+(json|xml)$/;

/**
 * The headers of a file that somebody's job made, safe to open in a browser: a page or picture is shown without scripts,
 * without a look at anything else, and as of an origin of its own; what is not to be shown is downloaded.
 */
export function contentHeaders(
  path: string,
  mediaType: string,
  isDownload: boolean,
): { type: string; disposition: string } & Record<'all', Record<string, string>> {
  const type = mediaType.startsWith('text/') && !mediaType.includes('charset') ? `${mediaType}; charset=utf-8` : mediaType;
  const name = path.split('/').at(-1) ?? path;
  const disposition = `${!isDownload && shown.test(mediaType) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escape)}`;
  return {
    type,
    disposition,
    all: {
      'Content-Type': type,
      'Content-Disposition': disposition,
      'Content-Security-Policy':
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; media-src data:; font-src data:; frame-ancestors 'self'",
      // The pages of the queen show it in a frame.
      'X-Frame-Options': 'SAMEORIGIN',
      // Its digest is asked for anew each time, and it is sent only where that changed.
      'Cache-Control': 'private, no-cache',
    },
  };
}
