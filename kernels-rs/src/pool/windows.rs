//! Where windows lie on images: which cells each covers, once the padding and what hangs over the edge are cut away.

use crate::door::Refusal;

/// Windows over images [batch, height, width, channels]; a kernel size of 0 is adaptive: the image is divided evenly, and
/// neighbouring windows may share a row.
#[derive(Clone, Copy, Debug)]
pub struct PoolGeometry {
    pub batch: usize,
    pub channels: usize,
    pub height: Axis,
    pub width: Axis,
}

/// The windows along one axis.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Cells of the image, and windows.
    pub size: usize,
    pub out: usize,
    kernel: usize,
    stride: usize,
    before: usize,
    after: usize,
    dilation: usize,
}

/// The cells of one window along an axis: `first`, then every `step`th, `count` of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub first: usize,
    pub step: usize,
    pub count: usize,
    /// The place of `first` within the window: the cells before it lie in the padding.
    pub skipped: usize,
    /// Cells that are image or padding, in the count of an average; not what hangs over the padding.
    pub padded: usize,
}

/// Beyond this a size is a mistake (or a negative number, come through as a huge one).
const LARGEST: usize = 1 << 24;

impl PoolGeometry {
    /// batch, height, width, channels, then for each axis (height first) in pairs: out, kernel, stride; top, left, bottom,
    /// right; dilation.
    pub fn from_numbers(numbers: [usize; 16]) -> Result<PoolGeometry, Refusal> {
        let [batch, height, width, channels, out_height, out_width, rest @ ..] = numbers;
        let [kernel_height, kernel_width, stride_height, stride_width, top, left, bottom, right, down, across] = rest;
        if numbers[1..].iter().any(|&number| number > LARGEST) {
            return Err(format!("pool: sizes {numbers:?} came, expected each from 0 to {LARGEST}"));
        }
        let axis = |size, out, kernel, stride, before, after, dilation| {
            Axis { size, out, kernel, stride, before, after, dilation }.checked()
        };
        Ok(PoolGeometry {
            batch,
            channels,
            height: axis(height, out_height, kernel_height, stride_height, top, bottom, down)?,
            width: axis(width, out_width, kernel_width, stride_width, left, right, across)?,
        })
    }

    pub fn inputs(&self) -> usize {
        self.batch * self.image()
    }

    pub fn outputs(&self) -> usize {
        self.batch * self.height.out * self.width.out * self.channels
    }

    /// The numbers of one image.
    pub fn image(&self) -> usize {
        self.height.size * self.width.size * self.channels
    }

    /// The most cells that a window has.
    pub fn cells(&self) -> usize {
        self.height.longest() * self.width.longest()
    }
}

impl Axis {
    fn checked(self) -> Result<Axis, Refusal> {
        if self.kernel > 0 && (self.stride == 0 || self.dilation == 0) {
            return Err(format!(
                "pool: stride {} and dilation {} came, expected at least 1",
                self.stride, self.dilation
            ));
        }
        let last = self.out.saturating_sub(1) * self.stride;
        if self.out > 0 && (self.size == 0 || (self.kernel > 0 && last >= self.before + self.size + self.after)) {
            return Err(format!(
                "pool: {} windows came for {} cells: the last begins beyond them",
                self.out, self.size
            ));
        }
        Ok(self)
    }

    /// The most cells that a window spans here, padding included.
    pub fn longest(&self) -> usize {
        match self.kernel {
            0 => (0..self.out).map(|i| self.span(i).count).max().unwrap_or(0),
            kernel => kernel,
        }
    }

    pub fn span(&self, i: usize) -> Span {
        if self.kernel == 0 {
            // Products of two lengths may pass 32 bits.
            let (i, size, out) = (i as u64, self.size as u64, self.out as u64);
            let first = (i * size / out) as usize;
            let count = ((i + 1) * size).div_ceil(out) as usize - first;
            return Span { first, step: 1, count, skipped: 0, padded: count };
        }
        let step = self.dilation;
        // In cells from the beginning of the padding.
        let start = i * self.stride;
        let skipped = self.before.saturating_sub(start).div_ceil(step).min(self.kernel);
        let until = |end: usize| end.saturating_sub(start).div_ceil(step).min(self.kernel);
        let end = until(self.before + self.size).max(skipped);
        Span {
            first: (start + skipped * step).saturating_sub(self.before),
            step,
            count: end - skipped,
            skipped,
            padded: until(self.before + self.size + self.after),
        }
    }

    pub fn spans(&self) -> Vec<Span> {
        (0..self.out).map(|i| self.span(i)).collect()
    }
}

impl Span {
    /// The cells, with the place of each within the window.
    pub fn cells(self) -> impl Iterator<Item = (usize, usize)> + Clone {
        (0..self.count).map(move |j| (self.skipped + j, self.first + j * self.step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(size: usize, out: usize, kernel: usize, stride: usize, pad: usize, dilation: usize) -> Axis {
        Axis { size, out, kernel, stride, before: pad, after: pad, dilation }
    }

    #[test]
    fn the_last_of_many_adaptive_windows_ends_with_the_image() {
        // 50,000 windows over 100,000 cells: two cells each; the last product is 5 · 10^9.
        let last = axis(100_000, 50_000, 0, 1, 0, 1).span(49_999);
        assert_eq!(last, Span { first: 99_998, step: 1, count: 2, skipped: 0, padded: 2 });
    }

    #[test]
    fn padding_is_cut_away_and_counted_overhang_is_not_counted() {
        // Five cells, kernel 2, stride 2, ceil: the last window hangs over.
        let over = axis(5, 3, 2, 2, 0, 1).span(2);
        assert_eq!(over, Span { first: 4, step: 1, count: 1, skipped: 0, padded: 1 });
        let first = axis(5, 5, 3, 1, 1, 1).span(0);
        assert_eq!(first, Span { first: 0, step: 1, count: 2, skipped: 1, padded: 3 });
        // Kernel 3 with dilation 2 and padding 2: cells -2, 0, 2.
        let dilated = axis(4, 4, 3, 1, 2, 2).span(0);
        assert_eq!(dilated, Span { first: 0, step: 2, count: 2, skipped: 1, padded: 3 });
    }

    #[test]
    fn adaptive_windows_divide_evenly_and_overlap() {
        // 7 cells in 3 windows: 0..3, 2..5, 4..7.
        let spans = axis(7, 3, 0, 0, 0, 0).spans();
        assert_eq!(spans.iter().map(|s| (s.first, s.count)).collect::<Vec<_>>(), [(0, 3), (2, 3), (4, 3)]);
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        let numbers = |stride: usize, out: usize| [1, 4, 4, 1, out, 2, 2, 2, stride, 2, 0, 0, 0, 0, 1, 1];
        assert!(PoolGeometry::from_numbers(numbers(2, 2)).is_ok());
        assert!(PoolGeometry::from_numbers(numbers(0, 2)).unwrap_err().contains("stride 0"));
        assert!(PoolGeometry::from_numbers(numbers(2, 3)).unwrap_err().contains("beyond"));
        assert!(PoolGeometry::from_numbers(numbers(usize::MAX, 2)).unwrap_err().contains("expected each"));
    }
}
