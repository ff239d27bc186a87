namespace AuthService.Tokens;

internal static class SecretFile
{
    /// <summary>Writes a file that nobody but its owner can read, from its first moment on.</summary>
    /// <exception cref="IOException">The file is there already.</exception>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, access);
        file.WriteLine(text);
    }
}
