// Random seeds, the thread count and the number of native tensors belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
