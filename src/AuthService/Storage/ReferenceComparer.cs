using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AuthService.Storage;

/// <summary>For values that are never changed in place: the same object is the same value, and no other one is compared.</summary>
internal sealed class ReferenceComparer<T>() : ValueComparer<T>((a, b) => ReferenceEquals(a, b), value => 0, value => value);
