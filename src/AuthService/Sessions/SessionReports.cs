using AuthService.Revocations;

namespace AuthService.Sessions;

/// <summary>Groups the services that report the start and end of sessions besides the audit log.</summary>
internal sealed record SessionReports(SessionMetrics Metrics, RevocationReceipts Receipts);
