using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>What a run has to measure with.</summary>
/// <param name="Service">The service, with people and sessions in its store.</param>
/// <param name="Limits">The limits, on the same store.</param>
/// <param name="Database">The store; null on SQLite.</param>
/// <param name="Copies">Sessions to be used up; null on SQLite.</param>
/// <param name="Requests">What may be sent.</param>
internal sealed record Workbench(
    ServiceInstance Service, LimitProcess Limits, BenchmarkDatabase? Database, CopiedSessions? Copies, Requests Requests);
