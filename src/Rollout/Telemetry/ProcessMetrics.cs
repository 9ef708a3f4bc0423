using System.Globalization;
using System.Runtime.InteropServices;
using Prometheus;

namespace SelfPlayArena.Rollout.Telemetry;

/// <summary>The process itself: build, memory, garbage collection, thread pool. Brought up to date whenever its registry is read.</summary>
public sealed class ProcessMetrics
{
    private readonly Counter _cpu, _collections, _pause, _allocated, _completed;
    private readonly Gauge _workingSet, _heap, _committed, _fragmented, _threads, _queued;

    /// <param name="version">Version of the program.</param>
    /// <param name="packages"><c>compat</c> or <c>nuget</c>.</param>
    public ProcessMetrics(MetricSheet sheet, string version, string packages)
    {
        sheet.Begin("Process");
        sheet.Gauge("arena_build_info", "1; how the program was built.", "version", "packages", "runtime")
            .WithLabels(version, packages, RuntimeInformation.FrameworkDescription).Set(1);
        sheet.Gauge("arena_process_start_time_seconds", "When the process started, in Unix time.").Set(StartTime());
        _cpu = sheet.Counter("arena_process_cpu_seconds_total", "Processor time of the process.");
        _workingSet = sheet.Gauge("arena_process_working_set_bytes", "Physical memory of the process.");
        _collections = sheet.Counter("arena_gc_collections_total", "Garbage collections by generation; those of a higher one count for the lower ones too.", "generation");
        _pause = sheet.Counter("arena_gc_pause_seconds_total", "Time that the process stood still for garbage collection.");
        _heap = sheet.Gauge("arena_gc_heap_bytes", "Managed memory in use, garbage included.");
        _committed = sheet.Gauge("arena_gc_committed_bytes", "Managed memory taken from the system as of the last collection.");
        _fragmented = sheet.Gauge("arena_gc_fragmented_bytes", "Holes in managed memory as of the last collection.");
        _allocated = sheet.Counter("arena_gc_allocated_bytes_total", "Managed memory allocated.");
        _threads = sheet.Gauge("arena_thread_pool_threads", "Threads of the thread pool.");
        _queued = sheet.Gauge("arena_thread_pool_queued_items", "Work items waiting for the thread pool.");
        _completed = sheet.Counter("arena_thread_pool_completed_items_total", "Work items that the thread pool finished.");
        sheet.Registry.AddBeforeCollectCallback(Collect);
    }

    private static double StartTime()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    private void Collect()
    {
        _cpu.IncTo(Environment.CpuUsage.TotalTime.TotalSeconds);
        _workingSet.Set(Environment.WorkingSet);
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
            _collections.WithLabels(generation.ToString(CultureInfo.InvariantCulture)).IncTo(GC.CollectionCount(generation));
        _pause.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        _heap.Set(GC.GetTotalMemory(forceFullCollection: false));
        _committed.Set(memory.TotalCommittedBytes);
        _fragmented.Set(memory.FragmentedBytes);
        _allocated.IncTo(GC.GetTotalAllocatedBytes());
        _threads.Set(ThreadPool.ThreadCount);
        _queued.Set(ThreadPool.PendingWorkItemCount);
        _completed.IncTo(ThreadPool.CompletedWorkItemCount);
    }
}
