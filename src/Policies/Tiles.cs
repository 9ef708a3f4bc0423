using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SelfPlayArena.Policies;

/// <summary>A run of input columns: row r starts at Pointer + r * Stride, and meets the matrix's columns from Column on.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Operand(float* pointer, nint stride, int width, int column)
{
    public readonly float* Pointer = pointer;
    public readonly nint Stride = stride;
    public readonly int Width = width;
    public readonly int Column = column;
}

/// <summary>
/// Register tiles of the product y = x W + b for weights packed as [out / 32][in][32]. Every output is one chain of multiply-adds in column
/// order, whatever the tile, so that a row's result does not depend on the rows beside it.
/// </summary>
internal static unsafe class Tiles
{
    /// <summary>One panel of 32 outputs for all rows.</summary>
    /// <param name="bits">Vector width to use: 512, 256 or 128.</param>
    public static void Panel(int bits, Operand* inputs, int count, int rows, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        int row = 0;
        if (bits == 512)
        {
            for (; row + 8 <= rows; row += 8)
                Tile512x8(inputs, count, row, panel, bias, y + row * stride, stride, relu);
            for (; row + 4 <= rows; row += 4)
                Tile512x4(inputs, count, row, panel, bias, y + row * stride, stride, relu);
            for (; row < rows; row++)
                Tile512x1(inputs, count, row, panel, bias, y + row * stride, stride, relu);
        }
        else if (bits == 256)
        {
            for (; row + 6 <= rows; row += 6)
            {
                for (int c = 0; c < 32; c += 16)
                    Tile256x6(inputs, count, row, panel + c, bias is null ? null : bias + c, y + row * stride + c, stride, relu);
            }
            for (; row < rows; row++)
            {
                for (int c = 0; c < 32; c += 16)
                    Tile256x1(inputs, count, row, panel + c, bias is null ? null : bias + c, y + row * stride + c, stride, relu);
            }
        }
        else
        {
            for (; row + 4 <= rows; row += 4)
            {
                for (int c = 0; c < 32; c += 8)
                    Tile128x4(inputs, count, row, panel + c, bias is null ? null : bias + c, y + row * stride + c, stride, relu);
            }
            for (; row < rows; row++)
            {
                for (int c = 0; c < 32; c += 8)
                    Tile128x1(inputs, count, row, panel + c, bias is null ? null : bias + c, y + row * stride + c, stride, relu);
            }
        }
    }

    private static void Tile512x8(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector512<float> l0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias), h0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        Vector512<float> l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0;
        Vector512<float> l4 = l0, h4 = h0, l5 = l0, h5 = h0, l6 = l0, h6 = h0;
        Vector512<float> l7 = l0, h7 = h0;
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* x1 = x0 + step;
            float* x2 = x1 + step;
            float* x3 = x2 + step;
            float* x4 = x3 + step;
            float* x5 = x4 + step;
            float* x6 = x5 + step;
            float* x7 = x6 + step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector512<float> l = Vector512.Load(w), h = Vector512.Load(w + 16);
                Vector512<float> b0 = Vector512.Create(x0[k]);
                l0 = Vector512.FusedMultiplyAdd(b0, l, l0);
                h0 = Vector512.FusedMultiplyAdd(b0, h, h0);
                Vector512<float> b1 = Vector512.Create(x1[k]);
                l1 = Vector512.FusedMultiplyAdd(b1, l, l1);
                h1 = Vector512.FusedMultiplyAdd(b1, h, h1);
                Vector512<float> b2 = Vector512.Create(x2[k]);
                l2 = Vector512.FusedMultiplyAdd(b2, l, l2);
                h2 = Vector512.FusedMultiplyAdd(b2, h, h2);
                Vector512<float> b3 = Vector512.Create(x3[k]);
                l3 = Vector512.FusedMultiplyAdd(b3, l, l3);
                h3 = Vector512.FusedMultiplyAdd(b3, h, h3);
                Vector512<float> b4 = Vector512.Create(x4[k]);
                l4 = Vector512.FusedMultiplyAdd(b4, l, l4);
                h4 = Vector512.FusedMultiplyAdd(b4, h, h4);
                Vector512<float> b5 = Vector512.Create(x5[k]);
                l5 = Vector512.FusedMultiplyAdd(b5, l, l5);
                h5 = Vector512.FusedMultiplyAdd(b5, h, h5);
                Vector512<float> b6 = Vector512.Create(x6[k]);
                l6 = Vector512.FusedMultiplyAdd(b6, l, l6);
                h6 = Vector512.FusedMultiplyAdd(b6, h, h6);
                Vector512<float> b7 = Vector512.Create(x7[k]);
                l7 = Vector512.FusedMultiplyAdd(b7, l, l7);
                h7 = Vector512.FusedMultiplyAdd(b7, h, h7);
            }
        }
        if (relu)
        {
            l0 = Vector512.Max(l0, Vector512<float>.Zero);
            h0 = Vector512.Max(h0, Vector512<float>.Zero);
            l1 = Vector512.Max(l1, Vector512<float>.Zero);
            h1 = Vector512.Max(h1, Vector512<float>.Zero);
            l2 = Vector512.Max(l2, Vector512<float>.Zero);
            h2 = Vector512.Max(h2, Vector512<float>.Zero);
            l3 = Vector512.Max(l3, Vector512<float>.Zero);
            h3 = Vector512.Max(h3, Vector512<float>.Zero);
            l4 = Vector512.Max(l4, Vector512<float>.Zero);
            h4 = Vector512.Max(h4, Vector512<float>.Zero);
            l5 = Vector512.Max(l5, Vector512<float>.Zero);
            h5 = Vector512.Max(h5, Vector512<float>.Zero);
            l6 = Vector512.Max(l6, Vector512<float>.Zero);
            h6 = Vector512.Max(h6, Vector512<float>.Zero);
            l7 = Vector512.Max(l7, Vector512<float>.Zero);
            h7 = Vector512.Max(h7, Vector512<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 16);
        l1.Store(y + 1 * stride);
        h1.Store(y + 1 * stride + 16);
        l2.Store(y + 2 * stride);
        h2.Store(y + 2 * stride + 16);
        l3.Store(y + 3 * stride);
        h3.Store(y + 3 * stride + 16);
        l4.Store(y + 4 * stride);
        h4.Store(y + 4 * stride + 16);
        l5.Store(y + 5 * stride);
        h5.Store(y + 5 * stride + 16);
        l6.Store(y + 6 * stride);
        h6.Store(y + 6 * stride + 16);
        l7.Store(y + 7 * stride);
        h7.Store(y + 7 * stride + 16);
    }

    private static void Tile512x4(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector512<float> l0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias), h0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        Vector512<float> l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0;
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* x1 = x0 + step;
            float* x2 = x1 + step;
            float* x3 = x2 + step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector512<float> l = Vector512.Load(w), h = Vector512.Load(w + 16);
                Vector512<float> b0 = Vector512.Create(x0[k]);
                l0 = Vector512.FusedMultiplyAdd(b0, l, l0);
                h0 = Vector512.FusedMultiplyAdd(b0, h, h0);
                Vector512<float> b1 = Vector512.Create(x1[k]);
                l1 = Vector512.FusedMultiplyAdd(b1, l, l1);
                h1 = Vector512.FusedMultiplyAdd(b1, h, h1);
                Vector512<float> b2 = Vector512.Create(x2[k]);
                l2 = Vector512.FusedMultiplyAdd(b2, l, l2);
                h2 = Vector512.FusedMultiplyAdd(b2, h, h2);
                Vector512<float> b3 = Vector512.Create(x3[k]);
                l3 = Vector512.FusedMultiplyAdd(b3, l, l3);
                h3 = Vector512.FusedMultiplyAdd(b3, h, h3);
            }
        }
        if (relu)
        {
            l0 = Vector512.Max(l0, Vector512<float>.Zero);
            h0 = Vector512.Max(h0, Vector512<float>.Zero);
            l1 = Vector512.Max(l1, Vector512<float>.Zero);
            h1 = Vector512.Max(h1, Vector512<float>.Zero);
            l2 = Vector512.Max(l2, Vector512<float>.Zero);
            h2 = Vector512.Max(h2, Vector512<float>.Zero);
            l3 = Vector512.Max(l3, Vector512<float>.Zero);
            h3 = Vector512.Max(h3, Vector512<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 16);
        l1.Store(y + 1 * stride);
        h1.Store(y + 1 * stride + 16);
        l2.Store(y + 2 * stride);
        h2.Store(y + 2 * stride + 16);
        l3.Store(y + 3 * stride);
        h3.Store(y + 3 * stride + 16);
    }

    private static void Tile512x1(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector512<float> l0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias), h0 = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector512<float> l = Vector512.Load(w), h = Vector512.Load(w + 16);
                Vector512<float> b0 = Vector512.Create(x0[k]);
                l0 = Vector512.FusedMultiplyAdd(b0, l, l0);
                h0 = Vector512.FusedMultiplyAdd(b0, h, h0);
            }
        }
        if (relu)
        {
            l0 = Vector512.Max(l0, Vector512<float>.Zero);
            h0 = Vector512.Max(h0, Vector512<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 16);
    }

    private static void Tile256x6(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector256<float> l0 = bias is null ? Vector256<float>.Zero : Vector256.Load(bias), h0 = bias is null ? Vector256<float>.Zero : Vector256.Load(bias + 8);
        Vector256<float> l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0;
        Vector256<float> l4 = l0, h4 = h0, l5 = l0, h5 = h0;
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* x1 = x0 + step;
            float* x2 = x1 + step;
            float* x3 = x2 + step;
            float* x4 = x3 + step;
            float* x5 = x4 + step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector256<float> l = Vector256.Load(w), h = Vector256.Load(w + 8);
                Vector256<float> b0 = Vector256.Create(x0[k]);
                l0 = Vector256.FusedMultiplyAdd(b0, l, l0);
                h0 = Vector256.FusedMultiplyAdd(b0, h, h0);
                Vector256<float> b1 = Vector256.Create(x1[k]);
                l1 = Vector256.FusedMultiplyAdd(b1, l, l1);
                h1 = Vector256.FusedMultiplyAdd(b1, h, h1);
                Vector256<float> b2 = Vector256.Create(x2[k]);
                l2 = Vector256.FusedMultiplyAdd(b2, l, l2);
                h2 = Vector256.FusedMultiplyAdd(b2, h, h2);
                Vector256<float> b3 = Vector256.Create(x3[k]);
                l3 = Vector256.FusedMultiplyAdd(b3, l, l3);
                h3 = Vector256.FusedMultiplyAdd(b3, h, h3);
                Vector256<float> b4 = Vector256.Create(x4[k]);
                l4 = Vector256.FusedMultiplyAdd(b4, l, l4);
                h4 = Vector256.FusedMultiplyAdd(b4, h, h4);
                Vector256<float> b5 = Vector256.Create(x5[k]);
                l5 = Vector256.FusedMultiplyAdd(b5, l, l5);
                h5 = Vector256.FusedMultiplyAdd(b5, h, h5);
            }
        }
        if (relu)
        {
            l0 = Vector256.Max(l0, Vector256<float>.Zero);
            h0 = Vector256.Max(h0, Vector256<float>.Zero);
            l1 = Vector256.Max(l1, Vector256<float>.Zero);
            h1 = Vector256.Max(h1, Vector256<float>.Zero);
            l2 = Vector256.Max(l2, Vector256<float>.Zero);
            h2 = Vector256.Max(h2, Vector256<float>.Zero);
            l3 = Vector256.Max(l3, Vector256<float>.Zero);
            h3 = Vector256.Max(h3, Vector256<float>.Zero);
            l4 = Vector256.Max(l4, Vector256<float>.Zero);
            h4 = Vector256.Max(h4, Vector256<float>.Zero);
            l5 = Vector256.Max(l5, Vector256<float>.Zero);
            h5 = Vector256.Max(h5, Vector256<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 8);
        l1.Store(y + 1 * stride);
        h1.Store(y + 1 * stride + 8);
        l2.Store(y + 2 * stride);
        h2.Store(y + 2 * stride + 8);
        l3.Store(y + 3 * stride);
        h3.Store(y + 3 * stride + 8);
        l4.Store(y + 4 * stride);
        h4.Store(y + 4 * stride + 8);
        l5.Store(y + 5 * stride);
        h5.Store(y + 5 * stride + 8);
    }

    private static void Tile256x1(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector256<float> l0 = bias is null ? Vector256<float>.Zero : Vector256.Load(bias), h0 = bias is null ? Vector256<float>.Zero : Vector256.Load(bias + 8);
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector256<float> l = Vector256.Load(w), h = Vector256.Load(w + 8);
                Vector256<float> b0 = Vector256.Create(x0[k]);
                l0 = Vector256.FusedMultiplyAdd(b0, l, l0);
                h0 = Vector256.FusedMultiplyAdd(b0, h, h0);
            }
        }
        if (relu)
        {
            l0 = Vector256.Max(l0, Vector256<float>.Zero);
            h0 = Vector256.Max(h0, Vector256<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 8);
    }

    private static void Tile128x4(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector128<float> l0 = bias is null ? Vector128<float>.Zero : Vector128.Load(bias), h0 = bias is null ? Vector128<float>.Zero : Vector128.Load(bias + 4);
        Vector128<float> l1 = l0, h1 = h0, l2 = l0, h2 = h0, l3 = l0, h3 = h0;
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* x1 = x0 + step;
            float* x2 = x1 + step;
            float* x3 = x2 + step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector128<float> l = Vector128.Load(w), h = Vector128.Load(w + 4);
                Vector128<float> b0 = Vector128.Create(x0[k]);
                l0 = Vector128.MultiplyAddEstimate(b0, l, l0);
                h0 = Vector128.MultiplyAddEstimate(b0, h, h0);
                Vector128<float> b1 = Vector128.Create(x1[k]);
                l1 = Vector128.MultiplyAddEstimate(b1, l, l1);
                h1 = Vector128.MultiplyAddEstimate(b1, h, h1);
                Vector128<float> b2 = Vector128.Create(x2[k]);
                l2 = Vector128.MultiplyAddEstimate(b2, l, l2);
                h2 = Vector128.MultiplyAddEstimate(b2, h, h2);
                Vector128<float> b3 = Vector128.Create(x3[k]);
                l3 = Vector128.MultiplyAddEstimate(b3, l, l3);
                h3 = Vector128.MultiplyAddEstimate(b3, h, h3);
            }
        }
        if (relu)
        {
            l0 = Vector128.Max(l0, Vector128<float>.Zero);
            h0 = Vector128.Max(h0, Vector128<float>.Zero);
            l1 = Vector128.Max(l1, Vector128<float>.Zero);
            h1 = Vector128.Max(h1, Vector128<float>.Zero);
            l2 = Vector128.Max(l2, Vector128<float>.Zero);
            h2 = Vector128.Max(h2, Vector128<float>.Zero);
            l3 = Vector128.Max(l3, Vector128<float>.Zero);
            h3 = Vector128.Max(h3, Vector128<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 4);
        l1.Store(y + 1 * stride);
        h1.Store(y + 1 * stride + 4);
        l2.Store(y + 2 * stride);
        h2.Store(y + 2 * stride + 4);
        l3.Store(y + 3 * stride);
        h3.Store(y + 3 * stride + 4);
    }

    private static void Tile128x1(Operand* inputs, int count, nint row, float* panel, float* bias, float* y, nint stride, bool relu)
    {
        Vector128<float> l0 = bias is null ? Vector128<float>.Zero : Vector128.Load(bias), h0 = bias is null ? Vector128<float>.Zero : Vector128.Load(bias + 4);
        for (int s = 0; s < count; s++)
        {
            nint step = inputs[s].Stride;
            float* x0 = inputs[s].Pointer + row * step;
            float* w = panel + (nint)inputs[s].Column * 32;
            nint width = inputs[s].Width;
            for (nint k = 0; k < width; k++, w += 32)
            {
                Vector128<float> l = Vector128.Load(w), h = Vector128.Load(w + 4);
                Vector128<float> b0 = Vector128.Create(x0[k]);
                l0 = Vector128.MultiplyAddEstimate(b0, l, l0);
                h0 = Vector128.MultiplyAddEstimate(b0, h, h0);
            }
        }
        if (relu)
        {
            l0 = Vector128.Max(l0, Vector128<float>.Zero);
            h0 = Vector128.Max(h0, Vector128<float>.Zero);
        }
        l0.Store(y);
        h0.Store(y + 4);
    }
}
