using System.Reflection;
using System.Runtime.CompilerServices;
using AuthService.Hosting;
using Xunit;

namespace AuthService.UnitTests.Hosting;

public sealed class WorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Work_begins_when_the_service_listens()
    {
        using var worker = new Work(beginsBeforeListening: false);
        await worker.StartAsync(CancellationToken.None);
        using var other = new Work(beginsBeforeListening: true);
        await other.StartAsync(CancellationToken.None);
        await other.Began.WaitAsync(Patience);
        Assert.False(worker.Began.IsCompleted);

        await worker.StartedAsync(CancellationToken.None);

        await worker.Began.WaitAsync(Patience);
        await worker.StopAsync(CancellationToken.None);
        await other.StopAsync(CancellationToken.None);
    }

    /// <summary>A host that fails to start disposes its workers without stopping them. It would log a cancelled one as an error.</summary>
    [Fact]
    public async Task A_start_that_fails_ends_work_that_has_not_begun_and_no_worker_has_failed()
    {
        var worker = new Work(beginsBeforeListening: false);
        await worker.StartAsync(CancellationToken.None);
        await worker.Waits.WaitAsync(Patience);

        worker.Dispose();

        await worker.ExecuteTask!.WaitAsync(Patience);
        Assert.False(worker.Began.IsCompleted);
    }

    [Fact]
    public void The_start_waits_for_the_store_and_its_primary_alone()
    {
        var workers = typeof(Worker).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Worker)));
        var early = workers.Where(BeginsBeforeListening).OrderBy(type => type.Name, StringComparer.Ordinal);

        Assert.Equal([typeof(PrimaryWorker), typeof(StorePreparation)], early);
    }

    private static bool BeginsBeforeListening(Type worker) => (bool)typeof(Worker)
        .GetProperty(nameof(BeginsBeforeListening), BindingFlags.Instance | BindingFlags.NonPublic)!
        .GetValue(RuntimeHelpers.GetUninitializedObject(worker))!;

    private sealed class Work(bool beginsBeforeListening) : Worker
    {
        private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waits => _waits.Task;

        public Task Began => _began.Task;

        protected override bool BeginsBeforeListening
        {
            get
            {
                _waits.TrySetResult();
                return beginsBeforeListening;
            }
        }

        protected override Task WorkAsync(CancellationToken stopping)
        {
            _began.SetResult();
            return Task.Delay(Timeout.Infinite, stopping);
        }
    }
}
