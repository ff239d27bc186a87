using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace AuthService.Storage;

/// <summary>The commit may be lost in a failover, so no caller may be told that it succeeded.</summary>
[SuppressMessage("Roslynator", "RCS1194", Justification = "Only the store makes one")]
internal sealed class UnconfirmedCommitException()
    : DbException("PostgreSQL has stopped waiting for its standbys: what it has committed would be lost in a failover.");
