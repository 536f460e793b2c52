// Compares two screenshots with a tolerance, in a browser page: it has the PNG decoder.

// The share of pixels that differ visibly, 0..1; 1 when the sizes differ. `got` and `wanted`: PNG bytes.
export async function difference(browser, got, wanted) {
  const page = await browser.newPage();
  const share = await page.evaluate(compare, [got, wanted].map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`));
  await page.close();
  return share;
}

async function compare(addresses) {
  const kVisible = 40; // of 255, in any channel: less is another rounding of the same edge
  const [a, b] = await Promise.all(addresses.map(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.getContext('2d').getImageData(0, 0, image.width, image.height);
  }));
  if (a.width !== b.width || a.height !== b.height) return 1;
  let differ = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const worst = Math.max(...[0, 1, 2].map((channel) => Math.abs(a.data[at + channel] - b.data[at + channel])));
    if (worst > kVisible) differ += 1;
  }
  return differ / (a.width * a.height);
}
