using TorchSharp;
using static TorchSharp.torch;

namespace SelfPlayArena.Learning;

/// <summary>
/// The arithmetic that a device is capable of, measured with a large matrix product in the type that layers are computed in: what the learner's own
/// arithmetic is held against.
/// </summary>
public sealed class MatrixPeak : IDisposable
{
    private const int CpuSize = 1536, CudaSize = 8192;
    private readonly Device _device;
    private readonly Tensor _a, _b;
    private readonly int _size;

    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="precision">Not <see cref="Precision.Auto"/>.</param>
    public MatrixPeak(string device, Precision precision)
    {
        _device = torch.device(device);
        ScalarType type = precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        _size = _device.type == DeviceType.CPU ? CpuSize : CudaSize;
        using DisposeScope scope = NewDisposeScope();
        _a = ones([_size, _size], ScalarType.Float32, _device).to(type, copy: true).DetachFromDisposeScope();
        _b = ones([_size, _size], ScalarType.Float32, _device).to(type, copy: true).DetachFromDisposeScope();
        _ = Measure();
    }

    /// <summary>Floating-point operations a second, a multiply-add being two: of processor time on a CPU, of the clock's on a device.</summary>
    public double Measure()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        double start = LayerProfile.Now(_device);
        _ = _a.mm(_b);
        return 2.0 * _size * _size * _size / (LayerProfile.Now(_device) - start);
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }
}
