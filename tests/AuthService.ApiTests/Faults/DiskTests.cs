using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// SQLite on a disk that is full or read-only: the errors are clear, no acknowledged change is lost, and the service recovers by itself.
/// </summary>
public sealed class DiskTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task A_full_disk_loses_nothing_that_was_acknowledged()
    {
        Directory.CreateDirectory(Data);
        await using var around = await Surroundings.StartAsync();
        await using var service = Start(OnSmallDisk(_folder.StartInfo(Settings().With(around.Settings)), Data));
        await service.WaitUntilReadyAsync();
        await using var trial = await FaultTrial.StartAsync(around, mailsMayRepeat: false, () => service.Http.BaseAddress);
        await Task.Delay(TimeSpan.FromSeconds(2));

        // The disk belongs to the process: no other process sees it, and it disappears with the process.
        var disk = $"/proc/{service.Id}/root{Data}";
        var filler = Path.Combine(disk, "filler");
        Fill(filler);
        await Task.Delay(Effort.Of(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60)));
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        await Eventually.TrueAsync(() => trial.Recorder.Calls.Any(call => call.Status == 503));
        await Eventually.TrueAsync(() => service.Output.Any(line => line.Contains("disk is full", StringComparison.OrdinalIgnoreCase)));
        File.Delete(filler);
        await trial.RecoverAsync();

        await trial.StopAsync();
        await trial.SettleAsync();
        using var copy = new Copy(disk);
        await trial.JudgeAsync("SQLite on a full disk", TestDatabase.InFile(copy.Database));
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_keeps_the_service_waiting_until_it_may()
    {
        await using (var first = _folder.Start(Settings()))
        {
            await first.WaitUntilReadyAsync();
            await first.RequestStopAsync();
            await first.WaitForExitAsync(TimeSpan.FromSeconds(60));
        }

        Allow(UnixFileMode.UserRead | UnixFileMode.UserExecute, UnixFileMode.UserRead);
        await using var service = Start(WithoutPrivileges(_folder.StartInfo(Settings())));
        await service.WaitUntilListeningAsync();
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await service.StatusAsync("/health/ready"));
        await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).RefusalAsync(HttpStatusCode.ServiceUnavailable);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, await service.StatusAsync("/health/live"));
        await Eventually.TrueAsync(() => service.Output.Any(line =>
            line.Contains("auth", StringComparison.Ordinal) && line.Contains("denied", StringComparison.OrdinalIgnoreCase)));

        Allow(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var waited = Stopwatch.StartNew();
        await service.WaitUntilReadyAsync();
        await service.TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        ProofTable.Add("Faults", "SQLite file that may not be written", $"503 meanwhile, ready {waited.Elapsed.TotalSeconds:F1} s after it may");
    }

    public void Dispose() => _folder.Dispose();

    private static ServiceProcess Start(ProcessStartInfo start) => new(start);

    private static Settings Settings() => ServiceFolder.ForProduction().With(new() { ["RateLimits:Enabled"] = "false" });

    /// <summary>Starts the process with a disk of 16 MiB in a separate mount namespace, which needs no privileges on this machine.</summary>
    private static ProcessStartInfo OnSmallDisk(ProcessStartInfo start, string folder) => Wrapped(
        start, ["unshare", "--map-root-user", "--mount", "bash", "-c", $"mount -t tmpfs -o size=16m none '{folder}' && exec \"$@\"", "serve"]);

    /// <summary>Starts the process without the privileges that allow root to write everywhere.</summary>
    private static ProcessStartInfo WithoutPrivileges(ProcessStartInfo start) =>
        Environment.IsPrivilegedProcess ? Wrapped(start, ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]) : start;

    private static ProcessStartInfo Wrapped(ProcessStartInfo start, string[] by)
    {
        var wrapped = new ProcessStartInfo(by[0], [.. by[1..], start.FileName, .. start.ArgumentList]) { WorkingDirectory = start.WorkingDirectory };
        wrapped.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            wrapped.Environment[name] = value;
        return wrapped;
    }

    private static void Fill(string path)
    {
        using var filler = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private void Allow(UnixFileMode folder, UnixFileMode file)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The tests of the disk need file modes");
        File.SetUnixFileMode(Data, folder);
        foreach (var path in Directory.GetFiles(Data))
            File.SetUnixFileMode(path, file);
    }

    /// <summary>A copy of the files on the disk of a process, which SQLite can open.</summary>
    private sealed class Copy : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("authservice-copy-").FullName;

        public Copy(string disk)
        {
            foreach (var file in Directory.GetFiles(disk, "authservice.db*").Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        public string Database => Path.Combine(_folder, "authservice.db");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
