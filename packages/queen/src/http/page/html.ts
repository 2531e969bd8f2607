/** The page of the queue and of every job: the script fills it by the address. */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Skep</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/socket.io/socket.io.min.js" defer></script>
<script src="/page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="home" href="/">Skep</a>
<span id="live" role="status"></span>
</header>
<main id="main" tabindex="-1">
<noscript><p>This page needs JavaScript. Without it: <code>skep jobs</code>, or <code>GET /api/jobs</code>.</p></noscript>
</main>
</body>
</html>
`;
