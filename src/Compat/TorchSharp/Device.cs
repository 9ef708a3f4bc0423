namespace TorchSharp;

/// <summary>libtorch's device kinds.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
}

public static partial class torch
{
    /// <summary>Where a tensor's memory is.</summary>
    public class Device
    {
        /// <param name="description">"cpu", "cuda" or "cuda:INDEX"</param>
        public Device(string description)
        {
            string[] parts = description.Split(':');
            type = parts[0].ToUpperInvariant() switch
            {
                "CPU" => DeviceType.CPU,
                "CUDA" => DeviceType.CUDA,
                _ => throw new ArgumentException($"Unknown device '{description}': allowed are cpu, cuda and cuda:INDEX.", nameof(description)),
            };
            index = parts.Length > 1 ? int.Parse(parts[1]) : -1;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public DeviceType type { get; private set; }

        /// <summary>-1 means the current device of the kind.</summary>
        public int index { get; private set; }

        public override string ToString()
        {
            string name = type == DeviceType.CPU ? "cpu" : "cuda";
            return index < 0 ? name : $"{name}:{index}";
        }

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU);

    public static Device CUDA { get; } = new(DeviceType.CUDA);

    public static Device device(string description) => new(description);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>CUDA devices; none with a libtorch for the CPU only.</summary>
    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Native.t_cuda_count();

        /// <summary>Waits until all work queued on the device is done.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.t_cuda_synchronize(device?.index ?? -1));
    }
}
