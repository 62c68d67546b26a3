//! What a convolution is: sixteen numbers and a wish, checked once at the door; every algorithm trusts them.

use crate::door::Refusal;

/// A 2-d convolution of x [batch, height, width, in_channels] with weight [kernel_height, kernel_width,
/// in_channels / groups, out_channels] into y [batch, out_height, out_width, out_channels].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvGeometry {
    pub batch: usize,
    pub height: usize,
    pub width: usize,
    pub in_channels: usize,
    pub out_channels: usize,
    pub kernel_height: usize,
    pub kernel_width: usize,
    pub stride_height: usize,
    pub stride_width: usize,
    pub pad_top: usize,
    pub pad_left: usize,
    pub pad_bottom: usize,
    pub pad_right: usize,
    pub dilation_height: usize,
    pub dilation_width: usize,
    pub groups: usize,
    /// Never Winograd.
    pub direct: bool,
    pub out_height: usize,
    pub out_width: usize,
}

/// Beyond this a size is a mistake (or a negative number, come through as a huge one).
const LARGEST: usize = 1 << 24;

impl ConvGeometry {
    /// The numbers in the order of the fields; the output's size follows from them.
    pub fn from_numbers(numbers: [usize; 17]) -> Result<ConvGeometry, Refusal> {
        let [batch, height, width, in_channels, out_channels, kernel_height, kernel_width, ..] = numbers;
        let [_, _, _, _, _, _, _, stride_height, stride_width, pad_top, pad_left, pad_bottom, pad_right, ..] = numbers;
        let [.., dilation_height, dilation_width, groups, direct] = numbers;
        if numbers[1..].iter().any(|&number| number > LARGEST) {
            return Err(format!("conv2d: sizes {numbers:?} came, expected each from 0 to {LARGEST}"));
        }
        at_least_one("channels", &[in_channels, out_channels])?;
        at_least_one("kernel size", &[kernel_height, kernel_width])?;
        at_least_one("stride", &[stride_height, stride_width])?;
        at_least_one("dilation", &[dilation_height, dilation_width])?;
        at_least_one("groups", &[groups])?;
        if in_channels % groups != 0 || out_channels % groups != 0 {
            return Err(format!(
                "conv2d: {groups} groups came, expected a divisor of both {in_channels} input and {out_channels} output \
                 channels"
            ));
        }
        let padded = (height + pad_top + pad_bottom, width + pad_left + pad_right);
        let span = (dilation_height * (kernel_height - 1) + 1, dilation_width * (kernel_width - 1) + 1);
        if span.0 > padded.0 || span.1 > padded.1 {
            return Err(format!(
                "conv2d: a kernel of {kernel_height}x{kernel_width} with dilation {dilation_height}x{dilation_width} \
                 spans {}x{}, but the padded input is {}x{} ({height}x{width} and padding {pad_top} above, {pad_bottom} \
                 below, {pad_left} left, {pad_right} right): take a smaller kernel or more padding",
                span.0, span.1, padded.0, padded.1
            ));
        }
        let geometry = ConvGeometry {
            batch,
            height,
            width,
            in_channels,
            out_channels,
            kernel_height,
            kernel_width,
            stride_height,
            stride_width,
            pad_top,
            pad_left,
            pad_bottom,
            pad_right,
            dilation_height,
            dilation_width,
            groups,
            direct: direct != 0,
            out_height: (padded.0 - span.0) / stride_height + 1,
            out_width: (padded.1 - span.1) / stride_width + 1,
        };
        let g = &geometry;
        let sizes = [
            [batch, height, width, in_channels],
            [batch, g.out_height, g.out_width, out_channels],
            [kernel_height, kernel_width, in_channels / groups, out_channels],
        ];
        for size in sizes {
            if size.iter().try_fold(size_of::<f32>(), |bytes, &side| bytes.checked_mul(side)).is_none() {
                return Err(format!("conv2d: an array of {size:?} is larger than memory can be: take a smaller batch"));
            }
        }
        Ok(geometry)
    }

    pub fn x_len(&self) -> usize {
        self.batch * self.height * self.width * self.in_channels
    }

    pub fn y_len(&self) -> usize {
        self.batch * self.out_height * self.out_width * self.out_channels
    }

    pub fn weight_len(&self) -> usize {
        self.kernel_height * self.kernel_width * self.group_inputs() * self.out_channels
    }

    /// Pixels of y.
    pub fn places(&self) -> usize {
        self.batch * self.out_height * self.out_width
    }

    /// Input channels of a group.
    pub fn group_inputs(&self) -> usize {
        self.in_channels / self.groups
    }

    /// Output channels of a group.
    pub fn group_outputs(&self) -> usize {
        self.out_channels / self.groups
    }

    /// Height and width of y after a 2x2 max-pool of stride 2; an odd last row or column falls away.
    pub fn pooled_size(&self) -> (usize, usize) {
        (self.out_height / 2, self.out_width / 2)
    }

    pub fn pooled_len(&self) -> usize {
        let (height, width) = self.pooled_size();
        self.batch * height * width * self.out_channels
    }

    /// A 1x1 convolution that sees all of x, each pixel once: a product of x as it lies.
    pub fn is_matrix_product(&self) -> bool {
        let ones = [self.kernel_height, self.kernel_width, self.stride_height, self.stride_width, self.groups];
        let pads = [self.pad_top, self.pad_left, self.pad_bottom, self.pad_right];
        ones == [1; 5] && pads == [0; 4]
    }

    /// The 3x3 convolutions that Winograd's algorithm is for.
    pub fn is_plain_3x3(&self) -> bool {
        let ones = [self.stride_height, self.stride_width, self.dilation_height, self.dilation_width, self.groups];
        (self.kernel_height, self.kernel_width) == (3, 3) && ones == [1; 5] && !self.direct
    }

    /// What the kernels fused with a max-pool ask for.
    pub fn check_pooled(&self) -> Result<(), Refusal> {
        if !self.is_plain_3x3() {
            return Err(format!(
                "conv2d fused with max-pool: kernel {}x{}, stride {}x{}, dilation {}x{}, groups {}, direct {} came, \
                 expected kernel 3x3 and 1 for the others, not direct: call conv2d and the pool apart",
                self.kernel_height,
                self.kernel_width,
                self.stride_height,
                self.stride_width,
                self.dilation_height,
                self.dilation_width,
                self.groups,
                self.direct
            ));
        }
        if self.out_height < 2 || self.out_width < 2 {
            return Err(format!(
                "conv2d fused with max-pool: the convolution's {}x{} holds no 2x2 window: take a larger input",
                self.out_height, self.out_width
            ));
        }
        Ok(())
    }
}

fn at_least_one(what: &str, numbers: &[usize]) -> Result<(), Refusal> {
    match numbers.contains(&0) {
        true => Err(format!("conv2d: {what} {numbers:?} came, expected at least 1")),
        false => Ok(()),
    }
}
