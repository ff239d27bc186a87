using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthService.Storage;

/// <summary>Compares values that are never changed in place, so only the same object is the same value.</summary>
internal sealed class ReferenceComparer<T>() : ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => 0, value => value);
