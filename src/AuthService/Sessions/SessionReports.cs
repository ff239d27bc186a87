using AuthService.Revocations;

namespace AuthService.Sessions;

/// <summary>Where it is told that sessions began and ended, beside the audit log.</summary>
internal sealed record SessionReports(SessionMetrics Metrics, RevocationReceipts Receipts);
