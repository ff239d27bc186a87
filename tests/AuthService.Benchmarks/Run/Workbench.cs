using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>Everything that a run needs for its measurements.</summary>
/// <param name="Service">The service, with people and sessions in its store.</param>
/// <param name="Limits">The limit server, on the same store.</param>
/// <param name="Database">The PostgreSQL database; null on SQLite.</param>
/// <param name="Copies">The sessions that are used only once; null on SQLite.</param>
/// <param name="Requests">The requests to send.</param>
internal sealed record Workbench(
    ServiceInstance Service, LimitProcess Limits, BenchmarkDatabase? Database, CopiedSessions? Copies, Requests Requests);
