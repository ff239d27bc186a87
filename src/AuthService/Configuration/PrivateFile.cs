namespace AuthService.Configuration;

/// <summary>Files that nobody but their owner can read, from their first moment on. On Windows they inherit what the folder allows.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderOwner = Owner | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes a file that is new.</summary>
    /// <exception cref="IOException">The file is there already.</exception>
    public static void Write(string path, string text)
    {
        CreateFolderOf(path);
        using var file = new StreamWriter(Open(path, FileMode.CreateNew));
        file.WriteLine(text);
    }

    /// <summary>A folder that is there already stays as it is: it may hold other things.</summary>
    public static void CreateFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FolderOwner);
    }

    public static FileStream Open(string path, FileMode mode)
    {
        var access = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = Owner;
        return new FileStream(path, access);
    }

    /// <returns>How others may use this file or folder, in octal (<c>0644</c>); null when they may not, or it is not there.</returns>
    public static string? FindOpenMode(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
            return null;
        var mode = File.GetUnixFileMode(path);
        return (mode & Others) == UnixFileMode.None ? null : $"0{Convert.ToString((int)mode, 8)}";
    }
}
