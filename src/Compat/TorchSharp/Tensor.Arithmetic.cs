namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient becomes an integer.</summary>
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public unsafe partial class Tensor
    {
        public Tensor add(Tensor target) => Wrap(Native.t_add(Handle, target.Handle), this, target);
        public Tensor add(Tensor target, Scalar alpha) => Wrap(Native.t_add_alpha(Handle, target.Handle, alpha.Value), this, target);
        public Tensor add(Scalar scalar) => Wrap(Native.t_add_num(Handle, scalar.Value), this);
        public Tensor add_(Tensor target) => Same(Native.t_add_(Handle, target.Handle), target);
        public Tensor add_(Tensor target, Scalar alpha) => Same(Native.t_add_alpha_(Handle, target.Handle, alpha.Value), target);
        public Tensor add_(Scalar scalar) => Same(Native.t_add_num_(Handle, scalar.Value));
        public Tensor sub(Tensor target) => Wrap(Native.t_sub(Handle, target.Handle), this, target);
        public Tensor sub(Scalar target) => Wrap(Native.t_sub_num(Handle, target.Value), this);
        public Tensor sub_(Tensor target) => Same(Native.t_sub_(Handle, target.Handle), target);
        public Tensor sub_(Scalar target) => Same(Native.t_sub_num_(Handle, target.Value));
        public Tensor mul(Tensor target) => Wrap(Native.t_mul(Handle, target.Handle), this, target);
        public Tensor mul(Scalar target) => Wrap(Native.t_mul_num(Handle, target.Value), this);
        public Tensor mul_(Tensor target) => Same(Native.t_mul_(Handle, target.Handle), target);
        public Tensor mul_(Scalar target) => Same(Native.t_mul_num_(Handle, target.Value));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Wrap(
            rounding_mode == RoundingMode.None
                ? Native.t_div(Handle, target.Handle)
                : Native.t_div_mode(Handle, target.Handle, rounding_mode == RoundingMode.floor ? 1 : 0),
            this,
            target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            Tensor quotient = Wrap(Native.t_div_num(Handle, target.Value), this);
            if (rounding_mode == RoundingMode.None)
            {
                return quotient;
            }
            using (quotient)
            {
                return (rounding_mode == RoundingMode.floor ? quotient.floor() : quotient.trunc()).to(dtype);
            }
        }

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
            {
                return Same(Native.t_div_(Handle, target.Handle), target);
            }
            using Tensor quotient = div(target, rounding_mode);
            return copy_(quotient);
        }

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None)
        {
            if (rounding_mode == RoundingMode.None)
            {
                return Same(Native.t_div_num_(Handle, target.Value));
            }
            using Tensor quotient = div(target, rounding_mode);
            return copy_(quotient);
        }

        public Tensor remainder(Tensor target) => Wrap(Native.t_remainder(Handle, target.Handle), this, target);
        public Tensor remainder(Scalar scalar) => Wrap(Native.t_remainder_num(Handle, scalar.Value), this);
        public Tensor pow(Tensor exponent) => Wrap(Native.t_pow(Handle, exponent.Handle), this, exponent);
        public Tensor pow(Scalar exponent) => Wrap(Native.t_pow_num(Handle, exponent.Value), this);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Wrap(Native.t_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Same(Native.t_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Wrap(Native.t_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Value), this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Same(Native.t_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Value), tensor1, tensor2);
        public Tensor lerp(Tensor end, Tensor weight) => Wrap(Native.t_lerp(Handle, end.Handle, weight.Handle), this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Same(Native.t_lerp_(Handle, end.Handle, weight.Handle), end, weight);

        /// <summary>Matrix product; shapes are checked before the native call, which in the real package ends the process.</summary>
        public Tensor matmul(Tensor target)
        {
            int a = Native.t_ndim(Handle), b = Native.t_ndim(target.Handle);
            if (a > 0 && b > 0)
            {
                long inner = size(-1), other = target.size(b == 1 ? 0 : b - 2);
                if (inner != other)
                {
                    throw new System.Runtime.InteropServices.ExternalException(
                        $"matmul: shapes [{string.Join(", ", shape)}] and [{string.Join(", ", target.shape)}] cannot be multiplied: {inner} against {other}.");
                }
            }
            return Wrap(Native.t_matmul(Handle, target.Handle), this, target);
        }

        public Tensor mm(Tensor target) => Wrap(Native.t_mm(Handle, target.Handle), this, target);
        public Tensor mv(Tensor target) => Wrap(Native.t_mv(Handle, target.Handle), this, target);
        public Tensor dot(Tensor target) => Wrap(Native.t_dot(Handle, target.Handle), this, target);
        public Tensor outer(Tensor vec2) => Wrap(Native.t_outer(Handle, vec2.Handle), this, vec2);
        public Tensor bmm(Tensor batch2) => Wrap(Native.t_bmm(Handle, batch2.Handle), this, batch2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Wrap(Native.t_addmm(Handle, mat1.Handle, mat2.Handle, beta, alpha), this, mat1, mat2);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Wrap(Native.t_baddbmm(Handle, batch1.Handle, batch2.Handle, beta, alpha), this, batch1, batch2);

        public Tensor exp() => Wrap(Native.t_exp(Handle), this);
        public Tensor exp_() => Same(Native.t_exp_(Handle));
        public Tensor expm1() => Wrap(Native.t_expm1(Handle), this);
        public Tensor log() => Wrap(Native.t_log(Handle), this);
        public Tensor log1p() => Wrap(Native.t_log1p(Handle), this);
        public Tensor tanh() => Wrap(Native.t_tanh(Handle), this);
        public Tensor sigmoid() => Wrap(Native.t_sigmoid(Handle), this);
        public Tensor log_sigmoid() => Wrap(Native.t_log_sigmoid(Handle), this);
        public Tensor relu() => Wrap(Native.t_relu(Handle), this);
        public Tensor relu_() => Same(Native.t_relu_(Handle));
        public Tensor gelu() => Wrap(Native.t_gelu(Handle), this);
        public Tensor silu() => Wrap(Native.t_silu(Handle), this);
        public Tensor softplus(double beta = 1, double threshold = 20) => Wrap(Native.t_softplus(Handle, beta, threshold), this);
        public Tensor abs() => Wrap(Native.t_abs(Handle), this);
        public Tensor sqrt() => Wrap(Native.t_sqrt(Handle), this);
        public Tensor rsqrt() => Wrap(Native.t_rsqrt(Handle), this);
        public Tensor square() => Wrap(Native.t_square(Handle), this);
        public Tensor neg() => Wrap(Native.t_neg(Handle), this);
        public Tensor negative() => neg();
        public Tensor reciprocal() => Wrap(Native.t_reciprocal(Handle), this);
        public Tensor sign() => Wrap(Native.t_sign(Handle), this);
        public Tensor sin() => Wrap(Native.t_sin(Handle), this);
        public Tensor cos() => Wrap(Native.t_cos(Handle), this);
        public Tensor erf() => Wrap(Native.t_erf(Handle), this);
        public Tensor floor() => Wrap(Native.t_floor(Handle), this);
        public Tensor ceil() => Wrap(Native.t_ceil(Handle), this);
        public Tensor trunc() => Wrap(Native.t_trunc(Handle), this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Wrap(Native.t_clamp(Handle, Scalar.Of(min), Scalar.Of(max)), this);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Wrap(Native.t_clamp_tensor(Handle, HandleOrNull(min), HandleOrNull(max)), this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Same(Native.t_clamp_(Handle, Scalar.Of(min), Scalar.Of(max)));
        public Tensor clamp_min(Scalar min) => Wrap(Native.t_clamp_min_num(Handle, min.Value), this);
        public Tensor clamp_max(Scalar max) => Wrap(Native.t_clamp_max_num(Handle, max.Value), this);
        public Tensor minimum(Tensor other) => Wrap(Native.t_minimum(Handle, other.Handle), this, other);
        public Tensor maximum(Tensor other) => Wrap(Native.t_maximum(Handle, other.Handle), this, other);

        public Tensor isfinite() => Wrap(Native.t_isfinite(Handle), this);
        public Tensor isnan() => Wrap(Native.t_isnan(Handle), this);
        public Tensor isinf() => Wrap(Native.t_isinf(Handle), this);
        public Tensor logical_not() => Wrap(Native.t_logical_not(Handle), this);
        public Tensor logical_and(Tensor other) => Wrap(Native.t_logical_and(Handle, other.Handle), this, other);
        public Tensor logical_or(Tensor other) => Wrap(Native.t_logical_or(Handle, other.Handle), this, other);
        public Tensor bitwise_not() => Wrap(Native.t_bitwise_not(Handle), this);
        public Tensor bitwise_and(Tensor other) => Wrap(Native.t_bitwise_and(Handle, other.Handle), this, other);
        public Tensor bitwise_or(Tensor other) => Wrap(Native.t_bitwise_or(Handle, other.Handle), this, other);
        public Tensor bitwise_xor(Tensor other) => Wrap(Native.t_bitwise_xor(Handle, other.Handle), this, other);

        public Tensor zero_() => Same(Native.t_zero_(Handle));
        public Tensor fill_(Scalar value) => Same(Native.t_fill_(Handle, value.Value));
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Same(Native.t_copy_(Handle, source.Handle, nonBlocking ? 1 : 0), source);
        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null) => Same(Native.t_normal_(Handle, mean, std, Generator.Of(generator)));
        public Tensor uniform_(double from, double to, Generator? generator = null) => Same(Native.t_uniform_(Handle, from, to, Generator.Of(generator)));
        public Tensor bernoulli(Generator? generator = null) => Wrap(Native.t_bernoulli(Handle, Generator.Of(generator)), this);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => Wrap(Native.t_multinomial(Handle, num_samples, replacement ? 1 : 0, Generator.Of(generator)), this);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            int result = Native.Check(Native.t_allclose(Handle, target.Handle, rtol, atol, equal_nan ? 1 : 0));
            GC.KeepAlive(this);
            GC.KeepAlive(target);
            return result == 1;
        }
    }
}
