#include "engine/io/code_prepare.hpp"

#include "engine/kernels/image.hpp"

namespace engine::io {
namespace {

constexpr std::string_view kPython = R"PY(

def area_means(source, x, y, width, height, columns, rows):
    """The box of the source in rows x columns equal parts: the mean of each, pixels cut by an edge with their share."""
    def shares(first, length, parts, pixels):
        low, each = first + np.arange(parts)[:, None] * (length / parts), np.arange(pixels)
        return np.maximum(0, np.minimum(low + length / parts, each + 1) - np.maximum(low, each)) * (parts / length)
    return shares(y, height, rows, source.shape[0]) @ source @ shares(x, width, columns, source.shape[1]).T


def scaled(length, side, longer):
    return max(1, (2 * length * side + longer) // (2 * longer))


def median(values):
    return int(np.sort(values, axis=None)[values.size // 2])


def ground_of(p):
    """The paper's level at each pixel and its noise: the border's median, or a surface through the corners' medians."""
    h, w = p.shape
    ring, block, f32 = max(1, min(h, w) // 32), max(1, min(h, w) // 8), np.float32
    border = np.ones((h, w), bool)
    border[ring:h - ring, ring:w - ring] = False
    even = np.full((h, w), median(p[border]))
    noise = min(255, 2 * median(np.abs(p - even)[border]))
    if noise == 0:
        return even, 0
    (a, b), (c, d) = [[f32(median(p[rows, columns])) for columns in (slice(block), slice(w - block, w))]
                      for rows in (slice(block), slice(h - block, h))]
    t = (np.arange(h, dtype=f32) * (f32(1) / f32(max(1, h - 1))))[:, None]
    left, right = a + (c - a) * t, b + (d - b) * t
    slope = (right - left) * (f32(1) / f32(max(1, w - 1)))
    uneven = (left + slope * np.arange(w, dtype=f32) + f32(0.5)).astype(np.int64)
    less = min(255, 2 * median(np.abs(p - uneven)[border]))
    return (uneven, less) if 2 * less < noise else (even, noise)


def grey_of(picture):
    """Grey levels of a picture in RGB or RGBA; where it is transparent, white, or black if what is opaque is light."""
    p = np.asarray(picture).astype(np.int64)
    if p.ndim == 2:
        return p
    luma = (299 * p[..., 0] + 587 * p[..., 1] + 114 * p[..., 2] + 500) // 1000
    if p.shape[2] == 3:
        return luma
    opacity = p[..., 3]
    behind = 0 if (luma * opacity).sum() > 127 * opacity.sum() else 255
    return (luma * opacity + behind * (255 - opacity) + 127) // 255


def prepare(picture):
    """What the network is to see of a drawing or photo. picture: (H, W) grey levels, or (H, W, 3 or 4) colours, from 0 to
    255, dark on light or light on dark. Returns (28, 28), from 0 to 1; all 0 when nothing is drawn."""
    p = grey_of(picture)
    longer = max(p.shape)
    if longer > 512:
        rows, columns = (scaled(length, 512, longer) for length in p.shape)
        p = (area_means(p, 0, 0, p.shape[1], p.shape[0], columns, rows) + 0.5).astype(np.int64)
    ground, noise = ground_of(p)
    lighter = p - ground
    dark_ink = -lighter[lighter < -noise].sum() > lighter[lighter > noise].sum()
    over = -lighter if dark_ink else lighter
    ink = np.maximum(np.maximum(0, over - noise), np.maximum(0, -over - noise) // 2)
    image = np.zeros((28, 28), np.float32)
    strong = np.sort(ink[ink >= 16])[::-1]
    if strong.size == 0:
        return image
    white = int(strong[max(1, strong.size // 1000) - 1])
    inked = ink > max(4, white // 10, noise // 2)
    if not inked.any():
        return image
    ys, xs = np.nonzero(inked)
    x, y, width, height = xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1
    longer = max(width, height)
    columns, rows = scaled(width, 28, longer), scaled(height, 28, longer)
    left, top = (29 - columns) // 2, (29 - rows) // 2
    image[top:top + rows, left:left + columns] = np.minimum(1, area_means(ink, x, y, width, height, columns, rows) / white)
    if longer > 28:  # thin strokes became faint
        before, now = np.sort(ink[inked])[::-1], np.sort(image[image > 0.1])[::-1]
        before = min(1, before[before.size // 4] / white)
        level = max(0.125, (now[now.size // 4] if now.size else 0) / before)
        image = np.minimum(1, image / np.float32(level)) if level < 0.95 else image
    return image
)PY";

constexpr std::string_view kCpp = R"HPP(
// What the network is to see of a drawing or photo: height rows of width grey levels, dark on light
// or light on dark. Gives 28 x 28 values from 0 to 1, all 0 when nothing is drawn.
class Preparation {
 public:
  Preparation(const unsigned char* pixels, int width, int height)
      : p_(pixels, pixels + std::size_t(width) * std::size_t(height)), w_(width), h_(height) {}

  std::vector<float> image() {
    reduce();
    find_ground();
    take_ink();
    std::vector<float> out(784);
    const int white = white_level();
    if (white == 0) return out;
    const int threshold = std::max({4, white / 10, noise_ / 2});
    int left = w_, right = -1, top = h_, bottom = -1;
    for (int y = 0; y < h_; ++y) {
      for (int x = 0; x < w_; ++x) {
        if (at(x, y) <= threshold) continue;
        left = std::min(left, x), right = std::max(right, x);
        top = std::min(top, y), bottom = std::max(bottom, y);
      }
    }
    if (right < 0) return out;
    const int width = right - left + 1, height = bottom - top + 1, longer = std::max(width, height);
    const int columns = scaled(width, 28, longer), rows = scaled(height, 28, longer);
    const int first_x = (29 - columns) / 2, first_y = (29 - rows) / 2;
    const float dx = float(width) / float(columns), dy = float(height) / float(rows);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x)
        out[std::size_t((first_y + y) * 28 + first_x + x)] =
            std::min(1.0f, mean(float(left) + float(x) * dx, float(top) + float(y) * dy, dx, dy) *
                               (1.0f / float(white)));
    if (longer > 28) strengthen(out, threshold, white);
    return out;
  }

 private:
  int at(int x, int y) const { return p_[std::size_t(y) * std::size_t(w_) + std::size_t(x)]; }
  static int scaled(int length, int side, int longer) {
    return std::max(1, (2 * length * side + longer) / (2 * longer));
  }
  static int median(std::vector<int> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  // Over dx x dy pixels from (x0, y0); those cut by an edge count with their share.
  float mean(float x0, float y0, float dx, float dy) const {
    const auto overlap = [](int i, float low, float high) {
      return std::max(0.0f, std::min(high, float(i + 1)) - std::max(low, float(i)));
    };
    const float x1 = x0 + dx, y1 = y0 + dy;
    float sum = 0;
    for (int y = int(y0); y < h_ && float(y) < y1; ++y) {
      float line = 0;
      for (int x = int(x0); x < w_ && float(x) < x1; ++x) line += float(at(x, y)) * overlap(x, x0, x1);
      sum += line * overlap(y, y0, y1);
    }
    return sum / ((x1 - x0) * (y1 - y0));
  }

  void reduce() {
    const int longer = std::max(w_, h_);
    if (longer <= 512) return;
    const int columns = scaled(w_, 512, longer), rows = scaled(h_, 512, longer);
    const float dx = float(w_) / float(columns), dy = float(h_) / float(rows);
    std::vector<int> reduced;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x)
        reduced.push_back(int(std::min(255.0f, mean(float(x) * dx, float(y) * dy, dx, dy) + 0.5f)));
    p_ = reduced, w_ = columns, h_ = rows;
  }

  // How far the border strays from ground_: twice the median.
  int border_noise() const {
    const int ring = std::max(1, std::min(w_, h_) / 32);
    std::vector<int> strays;
    for (int y = 0; y < h_; ++y)
      for (int x = 0; x < w_; ++x)
        if (y < ring || y >= h_ - ring || x < ring || x >= w_ - ring)
          strays.push_back(std::abs(at(x, y) - ground_[std::size_t(y * w_ + x)]));
    return std::min(255, 2 * median(strays));
  }

  // The border's median, or where that leaves twice the noise a surface through the corners'.
  void find_ground() {
    ground_.assign(p_.size(), 0);
    const int ring = std::max(1, std::min(w_, h_) / 32), block = std::max(1, std::min(w_, h_) / 8);
    std::vector<int> border;
    for (int y = 0; y < h_; ++y)
      for (int x = 0; x < w_; ++x)
        if (y < ring || y >= h_ - ring || x < ring || x >= w_ - ring) border.push_back(at(x, y));
    const std::vector<int> even(p_.size(), median(border));
    ground_ = even;
    noise_ = border_noise();
    if (noise_ == 0) return;
    const auto corner = [&](int left, int top) {
      std::vector<int> levels;
      for (int y = top; y < top + block; ++y)
        for (int x = left; x < left + block; ++x) levels.push_back(at(x, y));
      return float(median(levels));
    };
    const float a = corner(0, 0), b = corner(w_ - block, 0), c = corner(0, h_ - block),
                d = corner(w_ - block, h_ - block);
    const float per_row = 1.0f / float(std::max(1, h_ - 1));
    const float per_column = 1.0f / float(std::max(1, w_ - 1));
    for (int y = 0; y < h_; ++y) {
      const float t = float(y) * per_row, left = a + (c - a) * t;
      const float slope = ((b + (d - b) * t) - left) * per_column;
      for (int x = 0; x < w_; ++x)
        ground_[std::size_t(y * w_ + x)] = int(left + slope * float(x) + 0.5f);
    }
    const int less = border_noise();
    if (2 * less < noise_) {
      noise_ = less;
    } else {
      ground_ = even;
    }
  }

  void take_ink() {
    long long darker = 0, lighter = 0;
    for (std::size_t i = 0; i < p_.size(); ++i) {
      const int difference = p_[i] - ground_[i];
      darker += difference < -noise_ ? -difference : 0;
      lighter += difference > noise_ ? difference : 0;
    }
    const int sign = darker > lighter ? -1 : 1;
    for (std::size_t i = 0; i < p_.size(); ++i) {
      const int over = sign * (p_[i] - ground_[i]);
      p_[i] = std::max({0, over - noise_, (-over - noise_) / 2});
    }
  }

  int white_level() const {
    std::vector<int> strong;
    for (int v : p_)
      if (v >= 16) strong.push_back(v);
    if (strong.empty()) return 0;
    std::sort(strong.rbegin(), strong.rend());
    return strong[std::max<std::size_t>(1, strong.size() / 1000) - 1];
  }

  // Thin strokes have become faint: as strong as they were.
  void strengthen(std::vector<float>& out, int threshold, int white) const {
    std::vector<int> inked;
    for (int v : p_)
      if (v > threshold) inked.push_back(v);
    std::sort(inked.rbegin(), inked.rend());
    std::vector<float> faint;
    for (float v : out)
      if (v > 0.1f) faint.push_back(v);
    std::sort(faint.rbegin(), faint.rend());
    const float before = std::min(1.0f, float(inked[inked.size() / 4]) / float(white));
    const float now = faint.empty() ? 0 : faint[faint.size() / 4];
    const float level = std::max(0.125f, now / before);
    if (level >= 0.95f) return;
    for (float& v : out) v = std::min(1.0f, v / level);
  }

  std::vector<int> p_, ground_;  // the picture, then its ink; the paper's level there
  int w_, h_, noise_ = 0;
};

inline std::vector<float> prepare(const unsigned char* pixels, int width, int height) {
  return Preparation(pixels, width, height).image();
}

// The same of a picture in colour, four values a pixel: red, green, blue and opacity. Where it is
// transparent it is white, or black if what is opaque is light.
inline std::vector<float> prepare_rgba(const unsigned char* pixels, int width, int height) {
  const std::size_t count = std::size_t(width) * std::size_t(height);
  std::vector<unsigned char> grey(count);
  unsigned long long weighted = 0, opacity = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned char* p = pixels + 4 * i;
    grey[i] = static_cast<unsigned char>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
    weighted += static_cast<unsigned long long>(grey[i]) * p[3], opacity += p[3];
  }
  const int behind = weighted > 127 * opacity ? 0 : 255;
  for (std::size_t i = 0; i < count; ++i) {
    const int opaque = pixels[4 * i + 3];
    grey[i] = static_cast<unsigned char>((grey[i] * opaque + behind * (255 - opaque) + 127) / 255);
  }
  return prepare(grey.data(), width, height);
}
)HPP";

}  // namespace

std::string stated_preprocessing(Shape input, const std::string& card) {
  return is_prepared(input) ? std::string(kernels::kPreprocessing) : card;
}

std::string_view python_prepare() { return kPython; }
std::string_view cpp_prepare() { return kCpp; }

}  // namespace engine::io
