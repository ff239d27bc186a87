using AuthService.Hosting;
using Xunit;

namespace AuthService.UnitTests.Hosting;

public sealed class WorkerTests
{
    [Fact]
    public async Task Work_begins_when_the_service_listens()
    {
        using var worker = new Work(begins: false);
        await worker.StartAsync(CancellationToken.None);
        using var other = new Work(begins: true);
        await other.StartAsync(CancellationToken.None);
        await other.Began;
        Assert.False(worker.Began.IsCompleted);

        await worker.StartedAsync(CancellationToken.None);

        await worker.Began;
        await worker.StopAsync(CancellationToken.None);
        await other.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_start_that_fails_ends_work_that_has_not_begun()
    {
        using var worker = new Work(begins: false);
        await worker.StartAsync(CancellationToken.None);

        await worker.StopAsync(CancellationToken.None);

        Assert.False(worker.ExecuteTask!.IsFaulted);
        Assert.False(worker.Began.IsCompleted);
    }

    private sealed class Work(bool begins) : Worker
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        protected override bool BeginsBeforeListening => begins;

        protected override Task WorkAsync(CancellationToken stopping)
        {
            _began.SetResult();
            return Task.Delay(Timeout.Infinite, stopping);
        }
    }
}
